// Generated from schema/center.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AgencyRow as AgencyParent, RouteRow as ProcedureRouteParent } from './directory.ts';
import type { CaseKey as AgencyCaseParent, BusinessKey as BusinessParent, CitizenKey as CitizenParent, DossierValue as DossierParent, DossierConnection as DossierConnectionParent, DossierEdge as DossierEdgeParent, LegValue as DossierLegParent, DossierPayload as DossierPayloadParent, ProcedureKey as ProcedureParent, RouteLegValue as RouteLegParent, CenterRequest } from './context.ts';
import type { DossierRow as ApplicantParent, EventRow as DossierEventParent, DossierRow as DossierResultParent, DossierRow as DossierTrackingParent, DossierRow as ReceiptParent } from './sql.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** An instant, RFC 3339 with offset, Vietnam time (thời điểm): `2026-11-21T08:30:00+07:00`. */
  DateTime: { input: Date; output: Date; }
  /** A calendar day, ISO 8601 (ngày): `2026-11-21`. */
  Date: { input: string; output: string; }
  /** An amount in whole Vietnamese đồng (số tiền, VND). */
  Money: { input: number; output: number; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Where a reading of the graph begins (truy vấn). */
export type Query = {
  readonly __typename?: 'Query';
  /** A dossier by its code (hồ sơ theo mã); null when unknown. */
  readonly dossier?: Maybe<Dossier>;
  /** Dossiers, latest received first (danh sách hồ sơ). */
  readonly dossiers?: Maybe<DossierConnection>;
  /** What anyone holding a dossier code may see (tra cứu hồ sơ): state and dates, the applicant masked. */
  readonly trackDossier?: Maybe<DossierTracking>;
  /** The directory of agencies (danh mục cơ quan), by code. */
  readonly agencies: ReadonlyArray<Agency>;
  /** An agency of the directory by code, either spelling (cơ quan theo mã). */
  readonly agency?: Maybe<Agency>;
  /** Administrative units valid on a day (đơn vị hành chính). */
  readonly administrativeUnits: ReadonlyArray<AdministrativeUnit>;
  /** Counts of dossiers by their day of reception (thống kê hồ sơ). */
  readonly dossierStatistics?: Maybe<DossierStatistics>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryDossierArgs = {
  code: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryDossiersArgs = {
  filter?: InputMaybe<DossierFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryTrackDossierArgs = {
  code: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryAgenciesArgs = {
  kind?: InputMaybe<AgencyKind>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryAgencyArgs = {
  code: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryAdministrativeUnitsArgs = {
  on?: InputMaybe<Scalars['Date']['input']>;
  level?: InputMaybe<AdministrativeLevel>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryDossierStatisticsArgs = {
  from: Scalars['Date']['input'];
  to: Scalars['Date']['input'];
  agencyCode?: InputMaybe<Scalars['ID']['input']>;
};

/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Receives a dossier (tiếp nhận hồ sơ): issues its code and receipt, opens its legs by the procedure's routing, computes the appointment on the working calendar. */
  readonly receiveDossier?: Maybe<DossierPayload>;
  /** Withdraws a dossier for its applicant and every open case with it (rút hồ sơ). */
  readonly withdrawDossier?: Maybe<DossierPayload>;
  /** Completes a dossier with its result once every agency has finished (hoàn thành hồ sơ). */
  readonly completeDossier?: Maybe<DossierPayload>;
  /** Hands the result over to the applicant (trả kết quả). */
  readonly returnResult?: Maybe<DossierPayload>;
  /** An agency tells the centre that its case changed (báo tiến độ), so that the next legs can begin. */
  readonly reportCase?: Maybe<DossierPayload>;
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationReceiveDossierArgs = {
  input: ReceiveDossierInput;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationWithdrawDossierArgs = {
  code: Scalars['ID']['input'];
  reason?: InputMaybe<Scalars['String']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationCompleteDossierArgs = {
  code: Scalars['ID']['input'];
  result: DossierResultInput;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationReturnResultArgs = {
  code: Scalars['ID']['input'];
  receivedBy: Scalars['String']['input'];
  channel?: InputMaybe<Channel>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationReportCaseArgs = {
  dossierCode: Scalars['ID']['input'];
  agencyCode: Scalars['ID']['input'];
  state: CaseState;
  at: Scalars['DateTime']['input'];
  idempotencyKey: Scalars['ID']['input'];
};

/** What is told as it happens (theo dõi trực tiếp). */
export type Subscription = {
  readonly __typename?: 'Subscription';
  /** A dossier whenever something about it has changed (hồ sơ có thay đổi): at the centre, or at an agency that has reported it. What changes at one time may be told at once. */
  readonly dossierChanged?: Maybe<Dossier>;
};


/** What is told as it happens (theo dõi trực tiếp). */
export type SubscriptionDossierChangedArgs = {
  code: Scalars['ID']['input'];
};

/** A dossier (hồ sơ): one application by a citizen or a business, worked on by one or several agencies. */
export type Dossier = {
  readonly __typename?: 'Dossier';
  /** Dossier code (mã hồ sơ): `H56.14-240823-0001`. */
  readonly code: Scalars['ID']['output'];
  /** Code it had before a recoding (mã hồ sơ cũ). */
  readonly legacyCode?: Maybe<Scalars['ID']['output']>;
  /** The procedure applied for, at the lead agency (thủ tục hành chính). */
  readonly procedure?: Maybe<Procedure>;
  /** Name of the procedure as printed on the receipt (tên thủ tục trên phiếu). */
  readonly procedureName: Scalars['String']['output'];
  /** The agency that leads (cơ quan chủ trì). */
  readonly leadAgency: Agency;
  /** Who applies (chủ hồ sơ); null for those who may see the dossier, and not persons. */
  readonly applicant?: Maybe<Applicant>;
  /** How it came in (kênh tiếp nhận). */
  readonly channel: Channel;
  /** The centre's own state, from reception to return (trạng thái tại trung tâm). */
  readonly state: CaseState;
  /** Combined status (trạng thái tổng hợp), computed from the agencies' live cases. */
  readonly status: DossierStatus;
  /** Codes of the agencies that `status` does without, because they did not answer (cơ quan chưa có số liệu). */
  readonly statusWithout: ReadonlyArray<Scalars['ID']['output']>;
  /** When it was received (ngày tiếp nhận). */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** The appointment (ngày hẹn trả). */
  readonly dueAt: Scalars['DateTime']['output'];
  /** When all work was finished (ngày xử lý xong). */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When the result was handed over (ngày trả kết quả). */
  readonly returnedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Past its appointment by date, whether finished or not (trễ hẹn). */
  readonly isOverdue: Scalars['Boolean']['output'];
  /** Receipt with appointment, form 01 (phiếu tiếp nhận và hẹn trả). */
  readonly receipt: Receipt;
  /** The agencies' shares in order (các chặng liên thông). */
  readonly legs: ReadonlyArray<DossierLeg>;
  /** What came out (kết quả). */
  readonly result?: Maybe<DossierResult>;
  /** What happened at the centre, oldest first (lịch sử tại trung tâm). */
  readonly events: ReadonlyArray<DossierEvent>;
};

/** One agency's place in a dossier (một chặng của hồ sơ liên thông). */
export type DossierLeg = {
  readonly __typename?: 'DossierLeg';
  /** Place in the order, from 1 (thứ tự). */
  readonly order: Scalars['Int']['output'];
  /** Orders of the legs that must finish before it begins (chờ các chặng). */
  readonly dependsOn: ReadonlyArray<Scalars['Int']['output']>;
  /** The agency that works on it (cơ quan xử lý). */
  readonly agency: Agency;
  /** Code of the procedure by which it works (mã thủ tục của chặng). */
  readonly procedureCode: Scalars['ID']['output'];
  /** When it was sent to the agency; null while it waits for others (ngày chuyển). */
  readonly openedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Its deadline on the working calendar, foreseen while it waits (hạn xử lý). */
  readonly dueAt: Scalars['DateTime']['output'];
  /** The case at the agency (phần việc); null while it waits for others, or when the agency does not answer. */
  readonly case?: Maybe<AgencyCase>;
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** State now, by the national codes (trạng thái). */
  readonly state: CaseState;
  /** Deadline on the working calendar (hạn xử lý). */
  readonly dueAt: Scalars['DateTime']['output'];
};

/** Who applies (chủ hồ sơ). */
export type Applicant = {
  readonly __typename?: 'Applicant';
  /** Kind of applicant (loại đối tượng). */
  readonly kind: ApplicantKind;
  /** Name (tên chủ hồ sơ). */
  readonly name: Scalars['String']['output'];
  /** Telephone (số điện thoại). */
  readonly phone?: Maybe<Scalars['String']['output']>;
  /** Address (địa chỉ). */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** The citizen, where the applicant is one (công dân). */
  readonly citizen?: Maybe<Citizen>;
  /** The business, where the applicant is one (doanh nghiệp). */
  readonly business?: Maybe<Business>;
};

/** A person known to the population register (công dân). */
export type Citizen = {
  readonly __typename?: 'Citizen';
  /** Personal ID, 12 digits (số định danh cá nhân). */
  readonly personalId: Scalars['ID']['output'];
  /** Dossiers of this citizen, latest first (hồ sơ của công dân). */
  readonly dossiers?: Maybe<DossierConnection>;
};


/** A person known to the population register (công dân). */
export type CitizenDossiersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A registered business (doanh nghiệp). */
export type Business = {
  readonly __typename?: 'Business';
  /** Tax code, also the number of the business registration (mã số thuế, mã số doanh nghiệp). */
  readonly taxCode: Scalars['ID']['output'];
  /** Dossiers of this business, latest first (hồ sơ của doanh nghiệp). */
  readonly dossiers?: Maybe<DossierConnection>;
};


/** A registered business (doanh nghiệp). */
export type BusinessDossiersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Receipt with appointment, form 01 (phiếu tiếp nhận hồ sơ và hẹn trả kết quả). */
export type Receipt = {
  readonly __typename?: 'Receipt';
  /** Number, the same as the dossier code (số phiếu). */
  readonly number: Scalars['ID']['output'];
  /** When it was issued (ngày cấp phiếu). */
  readonly issuedAt: Scalars['DateTime']['output'];
  /** The appointment (ngày hẹn trả). */
  readonly dueAt: Scalars['DateTime']['output'];
  /** Who received the dossier (cán bộ tiếp nhận). */
  readonly receivedBy: Scalars['String']['output'];
  /** Where the result is handed over (nơi trả kết quả). */
  readonly returnPlace: Scalars['String']['output'];
};

/** What the applicant gets (kết quả giải quyết hồ sơ). */
export type DossierResult = {
  readonly __typename?: 'DossierResult';
  /** Number of the paper or record (số văn bản). */
  readonly number: Scalars['String']['output'];
  /** What it says in one line (trích yếu). */
  readonly summary: Scalars['String']['output'];
  /** Who took it; null before (người nhận). */
  readonly receivedBy?: Maybe<Scalars['String']['output']>;
  /** How it was handed over; null before (hình thức trả). */
  readonly returnChannel?: Maybe<Channel>;
};

/** One entry of the centre's history of a dossier (sự kiện tại trung tâm). */
export type DossierEvent = {
  readonly __typename?: 'DossierEvent';
  /** Place in the history, from 1, without gaps (số thứ tự). */
  readonly sequence: Scalars['Int']['output'];
  /** When it happened (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** State before; null for the first event (trạng thái trước). */
  readonly from?: Maybe<CaseState>;
  /** State after (trạng thái sau). */
  readonly to: CaseState;
  /** Remark (ghi chú). */
  readonly note?: Maybe<Scalars['String']['output']>;
};

/** What anyone holding a dossier code may see (thông tin tra cứu công khai). */
export type DossierTracking = {
  readonly __typename?: 'DossierTracking';
  /** Dossier code (mã hồ sơ). */
  readonly code: Scalars['ID']['output'];
  /** Name of the procedure (tên thủ tục). */
  readonly procedureName: Scalars['String']['output'];
  /** Name of the applicant, masked but for the first letters (tên chủ hồ sơ, đã che). */
  readonly maskedApplicantName: Scalars['String']['output'];
  /** State at the centre (trạng thái). */
  readonly state: CaseState;
  /** When it was received (ngày tiếp nhận). */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** The appointment (ngày hẹn trả). */
  readonly dueAt: Scalars['DateTime']['output'];
  /** When all work was finished (ngày xử lý xong). */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Past its appointment by date (trễ hẹn). */
  readonly isOverdue: Scalars['Boolean']['output'];
};

/** A public agency (cơ quan). */
export type Agency = {
  readonly __typename?: 'Agency';
  /** Agency code by Decision 20/2020/QĐ-TTg, canonical spelling (mã cơ quan). */
  readonly code: Scalars['ID']['output'];
  /** The same code in the spelling of QCVN 102:2016, where it has one (mã định danh cũ). */
  readonly legacyCode?: Maybe<Scalars['ID']['output']>;
  /** Name (tên cơ quan). */
  readonly name: Scalars['String']['output'];
  /** Kind of agency (loại cơ quan). */
  readonly kind: AgencyKind;
  /** Administrative level (cấp hành chính). */
  readonly level: AdministrativeLevel;
};

/** An administrative procedure at one agency (thủ tục hành chính, TTHC). The same national procedure is offered by many agencies. */
export type Procedure = {
  readonly __typename?: 'Procedure';
  /** The agency that offers it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** National procedure code, short form (mã thủ tục): `1.004222`. */
  readonly code: Scalars['ID']['output'];
  /** How the centre sends a dossier of this procedure (quy trình liên thông); null when the centre does not receive it. */
  readonly route?: Maybe<ProcedureRoute>;
};

/** How the centre sends dossiers of a procedure over agencies (quy trình liên thông). */
export type ProcedureRoute = {
  readonly __typename?: 'ProcedureRoute';
  /** Working days for the whole, where fixed apart from its legs (tổng thời hạn). */
  readonly totalDays?: Maybe<Scalars['Float']['output']>;
  /** The legs (các chặng). */
  readonly legs: ReadonlyArray<RouteLeg>;
};

/** One leg of a route (một chặng trong quy trình). */
export type RouteLeg = {
  readonly __typename?: 'RouteLeg';
  /** Place in the order, from 1 (thứ tự). */
  readonly order: Scalars['Int']['output'];
  /** Orders of the legs that must finish before it begins (chờ các chặng). */
  readonly dependsOn: ReadonlyArray<Scalars['Int']['output']>;
  /** The agency that works on it (cơ quan xử lý). */
  readonly agency: Agency;
  /** Code of the procedure by which it works (mã thủ tục của chặng). */
  readonly procedureCode: Scalars['ID']['output'];
  /** Working days it has (thời hạn, ngày làm việc). */
  readonly days: Scalars['Float']['output'];
};

/** A unit of the administrative tree, valid from a day (đơn vị hành chính). */
export type AdministrativeUnit = {
  readonly __typename?: 'AdministrativeUnit';
  /** Code of the unit (mã đơn vị). */
  readonly code: Scalars['ID']['output'];
  /** Name (tên). */
  readonly name: Scalars['String']['output'];
  /** Level (cấp). */
  readonly level: AdministrativeLevel;
  /** Code of the unit above (mã đơn vị cấp trên). */
  readonly parentCode?: Maybe<Scalars['ID']['output']>;
  /** First day of validity (ngày có hiệu lực). */
  readonly validFrom: Scalars['Date']['output'];
  /** Last day of validity; null while it is valid (ngày hết hiệu lực). */
  readonly validTo?: Maybe<Scalars['Date']['output']>;
};

/** Counts of dossiers (thống kê hồ sơ). */
export type DossierStatistics = {
  readonly __typename?: 'DossierStatistics';
  /** Received in the period (đã tiếp nhận). */
  readonly received: Scalars['Int']['output'];
  /** Finished before the day of the appointment (trước hạn). */
  readonly early: Scalars['Int']['output'];
  /** Finished on the day of the appointment (đúng hạn). */
  readonly onTime: Scalars['Int']['output'];
  /** Finished after the day of the appointment (trễ hạn). */
  readonly late: Scalars['Int']['output'];
  /** Not finished, appointment not past (đang xử lý trong hạn). */
  readonly open: Scalars['Int']['output'];
  /** Not finished, appointment past (đang xử lý quá hạn). */
  readonly overdue: Scalars['Int']['output'];
  /** Withdrawn or refused (rút, từ chối). */
  readonly ended: Scalars['Int']['output'];
};

/** A page of dossiers (một trang hồ sơ). */
export type DossierConnection = {
  readonly __typename?: 'DossierConnection';
  /** Rows with their cursors (các dòng). */
  readonly edges: ReadonlyArray<DossierEdge>;
  /** Rows alone (các hồ sơ). */
  readonly nodes: ReadonlyArray<Dossier>;
  /** Where this page stands (vị trí trang). */
  readonly pageInfo: PageInfo;
};

/** One row of a page of dossiers (một dòng). */
export type DossierEdge = {
  readonly __typename?: 'DossierEdge';
  /** Stable position of the row (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** The dossier (hồ sơ). */
  readonly node: Dossier;
};

/** Where a page stands in its list (vị trí trang). */
export type PageInfo = {
  readonly __typename?: 'PageInfo';
  /** Whether rows follow (còn trang sau). */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Cursor of the page's first row (con trỏ đầu trang). */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** Cursor of the page's last row (con trỏ cuối trang). */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** What a change of a dossier answers with (kết quả thao tác trên hồ sơ). */
export type DossierPayload = {
  readonly __typename?: 'DossierPayload';
  /** The dossier as this change left it (hồ sơ sau thao tác). */
  readonly dossier: Dossier;
};

/** A dossier handed in (thông tin hồ sơ nộp). */
export type ReceiveDossierInput = {
  /** Procedure applied for, short or long code (mã thủ tục). */
  readonly procedureCode: Scalars['ID']['input'];
  /** The agency that leads, either spelling; may be left out where only one agency of the province offers the procedure (mã cơ quan chủ trì). */
  readonly agencyCode?: InputMaybe<Scalars['ID']['input']>;
  /** Who applies (chủ hồ sơ). */
  readonly applicant: ApplicantInput;
  /** How it came in (kênh tiếp nhận). */
  readonly channel?: InputMaybe<Channel>;
  /** Documents handed in (giấy tờ nộp kèm). */
  readonly documents?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  /** When it was received, not in the future; now when left out (thời điểm tiếp nhận). */
  readonly receivedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who receives it at the counter (cán bộ tiếp nhận). */
  readonly receivedBy?: InputMaybe<Scalars['String']['input']>;
};

/** Who applies (chủ hồ sơ). */
export type ApplicantInput = {
  /** Kind of applicant (loại đối tượng). */
  readonly kind: ApplicantKind;
  /** Name (tên chủ hồ sơ). */
  readonly name: Scalars['String']['input'];
  /** Personal ID, 12 digits; required for a citizen (số định danh cá nhân). */
  readonly personalId?: InputMaybe<Scalars['ID']['input']>;
  /** Tax code with valid check digit; required for a business (mã số thuế). */
  readonly taxCode?: InputMaybe<Scalars['ID']['input']>;
  /** Telephone (số điện thoại). */
  readonly phone?: InputMaybe<Scalars['String']['input']>;
  /** Address (địa chỉ). */
  readonly address?: InputMaybe<Scalars['String']['input']>;
};

/** What the applicant will get (kết quả giải quyết). */
export type DossierResultInput = {
  /** Number of the paper or record (số văn bản). */
  readonly number: Scalars['String']['input'];
  /** What it says in one line (trích yếu). */
  readonly summary: Scalars['String']['input'];
};

/** Which dossiers (điều kiện lọc hồ sơ); conditions are joined by AND. */
export type DossierFilter = {
  /** In one of these states at the centre (trạng thái). */
  readonly states?: InputMaybe<ReadonlyArray<CaseState>>;
  /** With a leg at this agency, either spelling (mã cơ quan xử lý). */
  readonly agencyCode?: InputMaybe<Scalars['ID']['input']>;
  /** Of this procedure (mã thủ tục). */
  readonly procedureCode?: InputMaybe<Scalars['ID']['input']>;
  /** Received on or after this day (tiếp nhận từ ngày). */
  readonly receivedFrom?: InputMaybe<Scalars['Date']['input']>;
  /** Received on or before this day (tiếp nhận đến ngày). */
  readonly receivedTo?: InputMaybe<Scalars['Date']['input']>;
  /** Not finished and past the appointment (true), or all others (false) (quá hạn chưa xong). */
  readonly overdue?: InputMaybe<Scalars['Boolean']['input']>;
  /** Of this citizen, personal ID (số định danh cá nhân). */
  readonly personalId?: InputMaybe<Scalars['ID']['input']>;
  /** Of this business, tax code (mã số thuế). */
  readonly taxCode?: InputMaybe<Scalars['ID']['input']>;
};

/** Combined status of a dossier over all its agencies (trạng thái tổng hợp của hồ sơ liên thông). */
export type DossierStatus =
  /** Mới đăng ký: handed in, not yet looked at. */
  | 'REGISTERED'
  /** Được tiếp nhận: accepted, no agency has begun. */
  | 'ACCEPTED'
  /** Không được tiếp nhận: refused. */
  | 'REJECTED'
  /** Đang xử lý: at least one agency is working or has worked on it. */
  | 'IN_PROGRESS'
  /** Yêu cầu bổ sung giấy tờ: an agency waits for documents. */
  | 'AWAITING_SUPPLEMENT'
  /** Yêu cầu thực hiện nghĩa vụ tài chính: an agency waits for a payment. */
  | 'AWAITING_PAYMENT'
  /** Công dân yêu cầu rút hồ sơ: withdrawn. */
  | 'WITHDRAWN'
  /** Dừng xử lý: an agency has suspended it. */
  | 'SUSPENDED'
  /** Đã xử lý xong: every agency has finished. */
  | 'COMPLETED'
  /** Đã trả kết quả: the result was handed over. */
  | 'RETURNED'
  /** Chưa xác định: no agency that matters answered. */
  | 'UNKNOWN';

/** State of a dossier or case by the codes of the national portal (trạng thái hồ sơ theo Cổng Dịch vụ công quốc gia). */
export type CaseState =
  /** 1 Mới đăng ký: handed in, not yet looked at. */
  | 'REGISTERED'
  /** 2 Được tiếp nhận: accepted. */
  | 'ACCEPTED'
  /** 3 Không được tiếp nhận: refused at reception. */
  | 'REJECTED'
  /** 4 Đang xử lý: being worked on. */
  | 'IN_PROGRESS'
  /** 5 Yêu cầu bổ sung giấy tờ: waiting for documents; the clock is stopped. */
  | 'AWAITING_SUPPLEMENT'
  /** 6 Yêu cầu thực hiện nghĩa vụ tài chính: waiting for a payment; the clock is stopped. */
  | 'AWAITING_PAYMENT'
  /** 7 Công dân yêu cầu rút hồ sơ: withdrawn by the applicant. */
  | 'WITHDRAWN'
  /** 8 Dừng xử lý: suspended; the clock is stopped. */
  | 'SUSPENDED'
  /** 9 Đã xử lý xong: work finished, result not yet handed over. */
  | 'COMPLETED'
  /** 10 Đã trả kết quả: result handed over. */
  | 'RETURNED';

/** Kind of applicant by the codes of the national portal (loại đối tượng). */
export type ApplicantKind =
  /** 1 Công dân: a person. */
  | 'CITIZEN'
  /** 2 Doanh nghiệp: a business. */
  | 'BUSINESS'
  /** 3 Cơ quan: a public agency. */
  | 'AGENCY'
  /** 4 Tổ chức: another organisation. */
  | 'ORGANISATION';

/** How a dossier comes in or a result goes out (kênh thực hiện). */
export type Channel =
  /** 1 Trực tiếp: at the counter. */
  | 'COUNTER'
  /** 2 Trực tuyến: online. */
  | 'ONLINE'
  /** 3 Bưu chính: by post. */
  | 'POST';

/** Kind of agency (loại cơ quan). */
export type AgencyKind =
  /** Trung tâm Phục vụ hành chính công: the one-stop centre. */
  | 'CENTER'
  /** Sở, ban, ngành cấp tỉnh: department of the province. */
  | 'DEPARTMENT'
  /** Cơ quan ngành dọc: reports to a ministry. */
  | 'VERTICAL'
  /** Ủy ban nhân dân cấp xã: commune. */
  | 'COMMUNE'
  /** Doanh nghiệp nhà nước: state enterprise. */
  | 'STATE_ENTERPRISE';

/** Administrative level (cấp hành chính). */
export type AdministrativeLevel =
  /** Trung ương: national. */
  | 'CENTRAL'
  /** Cấp tỉnh: province. */
  | 'PROVINCE'
  /** Cấp huyện: district, until 30 June 2025. */
  | 'DISTRICT'
  /** Cấp xã: commune. */
  | 'COMMUNE';



export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
      reference: TReference,
      context: TContext,
      info: GraphQLResolveInfo
    ) => Promise<TResult> | TResult;

      type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
      type NullableCheck<T, S> = Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
      type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
      export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };
    

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Dossier: Dossier;
  AgencyCase: AgencyCase;
  Citizen: Citizen;
  Business: Business;
  Agency: Agency;
  Procedure: Procedure;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Dossier:
    ( { __typename: 'Dossier' }
    & GraphQLRecursivePick<FederationTypes['Dossier'], {"code":true}>
    & ( Record<PropertyKey, never>
        | GraphQLRecursivePick<FederationTypes['Dossier'], {"legs":{"case":{"state":true,"dueAt":true}}}>
        | GraphQLRecursivePick<FederationTypes['Dossier'], {"legs":{"case":{"state":true,"dueAt":true}}}>
        | GraphQLRecursivePick<FederationTypes['Dossier'], {"legs":{"case":{"state":true,"dueAt":true}}}> ) );
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
  Citizen:
    ( { __typename: 'Citizen' }
    & GraphQLRecursivePick<FederationTypes['Citizen'], {"personalId":true}> );
  Business:
    ( { __typename: 'Business' }
    & GraphQLRecursivePick<FederationTypes['Business'], {"taxCode":true}> );
  Agency:
    ( { __typename: 'Agency' }
    & GraphQLRecursivePick<FederationTypes['Agency'], {"code":true}> );
  Procedure:
    ( { __typename: 'Procedure' }
    & GraphQLRecursivePick<FederationTypes['Procedure'], {"agencyCode":true,"code":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Money: ResolverTypeWrapper<Scalars['Money']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Dossier: ResolverTypeWrapper<DossierParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DossierLeg: ResolverTypeWrapper<DossierLegParent>;
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  Applicant: ResolverTypeWrapper<ApplicantParent>;
  Citizen: ResolverTypeWrapper<CitizenParent>;
  Business: ResolverTypeWrapper<BusinessParent>;
  Receipt: ResolverTypeWrapper<ReceiptParent>;
  DossierResult: ResolverTypeWrapper<DossierResultParent>;
  DossierEvent: ResolverTypeWrapper<DossierEventParent>;
  DossierTracking: ResolverTypeWrapper<DossierTrackingParent>;
  Agency: ResolverTypeWrapper<AgencyParent>;
  Procedure: ResolverTypeWrapper<ProcedureParent>;
  ProcedureRoute: ResolverTypeWrapper<ProcedureRouteParent>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  RouteLeg: ResolverTypeWrapper<RouteLegParent>;
  AdministrativeUnit: ResolverTypeWrapper<AdministrativeUnit>;
  DossierStatistics: ResolverTypeWrapper<DossierStatistics>;
  DossierConnection: ResolverTypeWrapper<DossierConnectionParent>;
  DossierEdge: ResolverTypeWrapper<DossierEdgeParent>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  DossierPayload: ResolverTypeWrapper<DossierPayloadParent>;
  ReceiveDossierInput: ReceiveDossierInput;
  ApplicantInput: ApplicantInput;
  DossierResultInput: DossierResultInput;
  DossierFilter: DossierFilter;
  DossierStatus: DossierStatus;
  CaseState: CaseState;
  ApplicantKind: ApplicantKind;
  Channel: Channel;
  AgencyKind: AgencyKind;
  AdministrativeLevel: AdministrativeLevel;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Money: Scalars['Money']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Mutation: Record<PropertyKey, never>;
  Subscription: Record<PropertyKey, never>;
  Dossier: DossierParent;
  Boolean: Scalars['Boolean']['output'];
  DossierLeg: DossierLegParent;
  AgencyCase: AgencyCaseParent;
  Applicant: ApplicantParent;
  Citizen: CitizenParent;
  Business: BusinessParent;
  Receipt: ReceiptParent;
  DossierResult: DossierResultParent;
  DossierEvent: DossierEventParent;
  DossierTracking: DossierTrackingParent;
  Agency: AgencyParent;
  Procedure: ProcedureParent;
  ProcedureRoute: ProcedureRouteParent;
  Float: Scalars['Float']['output'];
  RouteLeg: RouteLegParent;
  AdministrativeUnit: AdministrativeUnit;
  DossierStatistics: DossierStatistics;
  DossierConnection: DossierConnectionParent;
  DossierEdge: DossierEdgeParent;
  PageInfo: PageInfo;
  DossierPayload: DossierPayloadParent;
  ReceiveDossierInput: ReceiveDossierInput;
  ApplicantInput: ApplicantInput;
  DossierResultInput: DossierResultInput;
  DossierFilter: DossierFilter;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export interface MoneyScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Money'], any> {
  name: 'Money';
}

export type QueryResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  dossier?: Resolver<Maybe<ResolversTypes['Dossier']>, ParentType, ContextType, RequireFields<QueryDossierArgs, 'code'>>;
  dossiers?: Resolver<Maybe<ResolversTypes['DossierConnection']>, ParentType, ContextType, RequireFields<QueryDossiersArgs, 'first'>>;
  trackDossier?: Resolver<Maybe<ResolversTypes['DossierTracking']>, ParentType, ContextType, RequireFields<QueryTrackDossierArgs, 'code'>>;
  agencies?: Resolver<ReadonlyArray<ResolversTypes['Agency']>, ParentType, ContextType, Partial<QueryAgenciesArgs>>;
  agency?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType, RequireFields<QueryAgencyArgs, 'code'>>;
  administrativeUnits?: Resolver<ReadonlyArray<ResolversTypes['AdministrativeUnit']>, ParentType, ContextType, Partial<QueryAdministrativeUnitsArgs>>;
  dossierStatistics?: Resolver<Maybe<ResolversTypes['DossierStatistics']>, ParentType, ContextType, RequireFields<QueryDossierStatisticsArgs, 'from' | 'to'>>;
};

export type MutationResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  receiveDossier?: Resolver<Maybe<ResolversTypes['DossierPayload']>, ParentType, ContextType, RequireFields<MutationReceiveDossierArgs, 'input' | 'idempotencyKey'>>;
  withdrawDossier?: Resolver<Maybe<ResolversTypes['DossierPayload']>, ParentType, ContextType, RequireFields<MutationWithdrawDossierArgs, 'code' | 'idempotencyKey'>>;
  completeDossier?: Resolver<Maybe<ResolversTypes['DossierPayload']>, ParentType, ContextType, RequireFields<MutationCompleteDossierArgs, 'code' | 'result' | 'idempotencyKey'>>;
  returnResult?: Resolver<Maybe<ResolversTypes['DossierPayload']>, ParentType, ContextType, RequireFields<MutationReturnResultArgs, 'code' | 'receivedBy' | 'channel' | 'idempotencyKey'>>;
  reportCase?: Resolver<Maybe<ResolversTypes['DossierPayload']>, ParentType, ContextType, RequireFields<MutationReportCaseArgs, 'dossierCode' | 'agencyCode' | 'state' | 'at' | 'idempotencyKey'>>;
};

export type SubscriptionResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  dossierChanged?: SubscriptionResolver<Maybe<ResolversTypes['Dossier']>, "dossierChanged", ParentType, ContextType, RequireFields<SubscriptionDossierChangedArgs, 'code'>>;
};

export type DossierResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Dossier'] = ResolversParentTypes['Dossier'], FederationReferenceType extends FederationReferenceTypes['Dossier'] = FederationReferenceTypes['Dossier']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Dossier']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legacyCode?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  procedure?: Resolver<Maybe<ResolversTypes['Procedure']>, ParentType, ContextType>;
  procedureName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  leadAgency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  applicant?: Resolver<Maybe<ResolversTypes['Applicant']>, ParentType, ContextType>;
  channel?: Resolver<ResolversTypes['Channel'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CaseState'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DossierStatus'], ParentType, ContextType>;
  statusWithout?: Resolver<ReadonlyArray<ResolversTypes['ID']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  returnedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  receipt?: Resolver<ResolversTypes['Receipt'], ParentType, ContextType>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['DossierLeg']>, ParentType, ContextType>;
  result?: Resolver<Maybe<ResolversTypes['DossierResult']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['DossierEvent']>, ParentType, ContextType>;
};

export type DossierLegResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierLeg'] = ResolversParentTypes['DossierLeg']> = {
  order?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dependsOn?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  procedureCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  openedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  case?: Resolver<Maybe<ResolversTypes['AgencyCase']>, ParentType, ContextType>;
};

export type AgencyCaseResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ApplicantResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Applicant'] = ResolversParentTypes['Applicant']> = {
  kind?: Resolver<ResolversTypes['ApplicantKind'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  phone?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  citizen?: Resolver<Maybe<ResolversTypes['Citizen']>, ParentType, ContextType>;
  business?: Resolver<Maybe<ResolversTypes['Business']>, ParentType, ContextType>;
};

export type CitizenResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Citizen'] = ResolversParentTypes['Citizen'], FederationReferenceType extends FederationReferenceTypes['Citizen'] = FederationReferenceTypes['Citizen']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Citizen']> | FederationReferenceType, FederationReferenceType, ContextType>;
  personalId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossiers?: Resolver<Maybe<ResolversTypes['DossierConnection']>, ParentType, ContextType, RequireFields<CitizenDossiersArgs, 'first'>>;
};

export type BusinessResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Business'] = ResolversParentTypes['Business'], FederationReferenceType extends FederationReferenceTypes['Business'] = FederationReferenceTypes['Business']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Business']> | FederationReferenceType, FederationReferenceType, ContextType>;
  taxCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossiers?: Resolver<Maybe<ResolversTypes['DossierConnection']>, ParentType, ContextType, RequireFields<BusinessDossiersArgs, 'first'>>;
};

export type ReceiptResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Receipt'] = ResolversParentTypes['Receipt']> = {
  number?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  issuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedBy?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  returnPlace?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type DossierResultResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierResult'] = ResolversParentTypes['DossierResult']> = {
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  receivedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  returnChannel?: Resolver<Maybe<ResolversTypes['Channel']>, ParentType, ContextType>;
};

export type DossierEventResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierEvent'] = ResolversParentTypes['DossierEvent']> = {
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['CaseState']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['CaseState'], ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DossierTrackingResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierTracking'] = ResolversParentTypes['DossierTracking']> = {
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  procedureName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  maskedApplicantName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CaseState'], ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type AgencyResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Agency'] = ResolversParentTypes['Agency'], FederationReferenceType extends FederationReferenceTypes['Agency'] = FederationReferenceTypes['Agency']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Agency']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  legacyCode?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['AgencyKind'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['AdministrativeLevel'], ParentType, ContextType>;
};

export type ProcedureResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['Procedure'] = ResolversParentTypes['Procedure'], FederationReferenceType extends FederationReferenceTypes['Procedure'] = FederationReferenceTypes['Procedure']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Procedure']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  route?: Resolver<Maybe<ResolversTypes['ProcedureRoute']>, ParentType, ContextType>;
};

export type ProcedureRouteResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['ProcedureRoute'] = ResolversParentTypes['ProcedureRoute']> = {
  totalDays?: Resolver<Maybe<ResolversTypes['Float']>, ParentType, ContextType>;
  legs?: Resolver<ReadonlyArray<ResolversTypes['RouteLeg']>, ParentType, ContextType>;
};

export type RouteLegResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['RouteLeg'] = ResolversParentTypes['RouteLeg']> = {
  order?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  dependsOn?: Resolver<ReadonlyArray<ResolversTypes['Int']>, ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  procedureCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  days?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type AdministrativeUnitResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['AdministrativeUnit'] = ResolversParentTypes['AdministrativeUnit']> = {
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['AdministrativeLevel'], ParentType, ContextType>;
  parentCode?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type DossierStatisticsResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierStatistics'] = ResolversParentTypes['DossierStatistics']> = {
  received?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  early?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  onTime?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  late?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  open?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  overdue?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ended?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type DossierConnectionResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierConnection'] = ResolversParentTypes['DossierConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DossierEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Dossier']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DossierEdgeResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierEdge'] = ResolversParentTypes['DossierEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DossierPayloadResolvers<ContextType = CenterRequest, ParentType extends ResolversParentTypes['DossierPayload'] = ResolversParentTypes['DossierPayload']> = {
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
};

export type Resolvers<ContextType = CenterRequest> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Money?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Dossier?: DossierResolvers<ContextType>;
  DossierLeg?: DossierLegResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  Applicant?: ApplicantResolvers<ContextType>;
  Citizen?: CitizenResolvers<ContextType>;
  Business?: BusinessResolvers<ContextType>;
  Receipt?: ReceiptResolvers<ContextType>;
  DossierResult?: DossierResultResolvers<ContextType>;
  DossierEvent?: DossierEventResolvers<ContextType>;
  DossierTracking?: DossierTrackingResolvers<ContextType>;
  Agency?: AgencyResolvers<ContextType>;
  Procedure?: ProcedureResolvers<ContextType>;
  ProcedureRoute?: ProcedureRouteResolvers<ContextType>;
  RouteLeg?: RouteLegResolvers<ContextType>;
  AdministrativeUnit?: AdministrativeUnitResolvers<ContextType>;
  DossierStatistics?: DossierStatisticsResolvers<ContextType>;
  DossierConnection?: DossierConnectionResolvers<ContextType>;
  DossierEdge?: DossierEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  DossierPayload?: DossierPayloadResolvers<ContextType>;
};

