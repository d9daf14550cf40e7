// Generated from schema/agency.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AgencyKey as AgencyParent, CaseConnection as AgencyCaseConnectionParent, CaseEdge as AgencyCaseEdgeParent, CaseStepValue as CaseStepParent, DurationValue as DurationParent, DossierKey as DossierParent, ProcedureConnection as ProcedureConnectionParent, ProcedureEdge as ProcedureEdgeParent, CasePayload as CasePayloadParent, AgencyRequest } from './context.ts';
import type { CaseRow as AgencyCaseParent, EventRow as CaseEventParent, OfficerRow as OfficerParent, ProcedureRow as ProcedureParent } from './rows.ts';
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
  /** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ); null when the agency has no such case. */
  readonly agencyCase?: Maybe<AgencyCase>;
  /** One procedure as an agency offers it (thủ tục hành chính tại một cơ quan). */
  readonly procedure?: Maybe<Procedure>;
  /** The procedures of several agencies (thủ tục hành chính của nhiều cơ quan), best match first when searched, then by code; an agency that does not answer costs its own rows. */
  readonly procedures?: Maybe<ProcedureConnection>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryAgencyCaseArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryProcedureArgs = {
  agencyCode: Scalars['ID']['input'];
  code: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryProceduresArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
  agencies?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  field?: InputMaybe<Scalars['String']['input']>;
  onlineLevel?: InputMaybe<OnlineLevel>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Opens an agency's case of a dossier (mở phần việc): the centre sends it, the case is `REGISTERED` until the agency acknowledges it. */
  readonly openCase?: Maybe<CasePayload>;
  /** Moves a case to another state, where the national rules allow it (chuyển trạng thái). */
  readonly advanceCase?: Maybe<CasePayload>;
  /** Finishes the current internal step and starts the next one (kết thúc bước xử lý). */
  readonly finishStep?: Maybe<CasePayload>;
  /** Asks the applicant for missing documents (yêu cầu bổ sung hồ sơ): the clock stops until they arrive. */
  readonly requestSupplement?: Maybe<CasePayload>;
  /** Records that the supplement arrived (nhận bổ sung): the case returns to its state before; the time restarts or goes on, as the procedure says. */
  readonly receiveSupplement?: Maybe<CasePayload>;
  /** Ends a case because the applicant withdraws (rút hồ sơ). */
  readonly withdrawCase?: Maybe<CasePayload>;
  /** Finishes a case with its result (xử lý xong). */
  readonly completeCase?: Maybe<CasePayload>;
  /** Apologises for a case that will be late (thư xin lỗi, mẫu 04): the reason and one new appointment, once only. */
  readonly apologiseForDelay?: Maybe<CasePayload>;
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationOpenCaseArgs = {
  agencyCode: Scalars['ID']['input'];
  input: OpenCaseInput;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationAdvanceCaseArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  to: CaseState;
  officerCode?: InputMaybe<Scalars['ID']['input']>;
  note?: InputMaybe<Scalars['String']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationFinishStepArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  nextOfficerCode?: InputMaybe<Scalars['ID']['input']>;
  note?: InputMaybe<Scalars['String']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationRequestSupplementArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  documents: ReadonlyArray<Scalars['String']['input']>;
  reason: Scalars['String']['input'];
  officerCode?: InputMaybe<Scalars['ID']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationReceiveSupplementArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  documents: ReadonlyArray<Scalars['String']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationWithdrawCaseArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  reason?: InputMaybe<Scalars['String']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationCompleteCaseArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  result: CaseResultInput;
  officerCode?: InputMaybe<Scalars['ID']['input']>;
  idempotencyKey: Scalars['ID']['input'];
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationApologiseForDelayArgs = {
  agencyCode: Scalars['ID']['input'];
  dossierCode: Scalars['ID']['input'];
  reason: Scalars['String']['input'];
  newDueAt: Scalars['DateTime']['input'];
  idempotencyKey: Scalars['ID']['input'];
};

/** A public agency (cơ quan). */
export type Agency = {
  readonly __typename?: 'Agency';
  /** Agency code by Decision 20/2020/QĐ-TTg, canonical spelling (mã cơ quan). */
  readonly code: Scalars['ID']['output'];
  /** The agency's procedures (thủ tục hành chính), best match first when searched, otherwise by code; null when the agency does not answer. */
  readonly procedures?: Maybe<ProcedureConnection>;
  /** The agency's cases (phần việc), latest received first; null when the agency does not answer. */
  readonly cases?: Maybe<AgencyCaseConnection>;
};


/** A public agency (cơ quan). */
export type AgencyProceduresArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
  field?: InputMaybe<Scalars['String']['input']>;
  onlineLevel?: InputMaybe<OnlineLevel>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};


/** A public agency (cơ quan). */
export type AgencyCasesArgs = {
  filter?: InputMaybe<CaseFilter>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A dossier (hồ sơ): one application by a citizen or a business, worked on by one or several agencies. */
export type Dossier = {
  readonly __typename?: 'Dossier';
  /** Dossier code (mã hồ sơ): `H56.14-240823-0001`. */
  readonly code: Scalars['ID']['output'];
};

/** An administrative procedure at one agency (thủ tục hành chính, TTHC). The same national procedure is offered by many agencies. */
export type Procedure = {
  readonly __typename?: 'Procedure';
  /** The agency that offers it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** National procedure code, short form (mã thủ tục): `1.004222`. */
  readonly code: Scalars['ID']['output'];
  /** The agency that offers it (cơ quan thực hiện). */
  readonly agency: Agency;
  /** Full name (tên thủ tục). */
  readonly name: Scalars['String']['output'];
  /** Field of administration (lĩnh vực). */
  readonly field: Scalars['String']['output'];
  /** Administrative level that decides (cấp thực hiện). */
  readonly level: AdministrativeLevel;
  /** Time allowed by law (thời hạn giải quyết theo luật). */
  readonly statutoryDuration: Duration;
  /** The shorter time the agency commits to, at the counter (thời hạn cam kết). */
  readonly committedDuration: Duration;
  /** The time the agency commits to for online filing, where it differs (thời hạn nộp trực tuyến). */
  readonly onlineDuration?: Maybe<Duration>;
  /** Fee in đồng; 0 when free (phí, lệ phí). */
  readonly fee: Scalars['Money']['output'];
  /** How far it can be done online (dịch vụ công trực tuyến). */
  readonly onlineLevel: OnlineLevel;
  /** How the one-stop mechanism handles it (cơ chế một cửa). */
  readonly oneStopKind: OneStopKind;
  /** What the applicant hands in (thành phần hồ sơ). */
  readonly requiredDocuments: ReadonlyArray<RequiredDocument>;
  /** How the agency works on it, in order (quy trình nội bộ). */
  readonly steps: ReadonlyArray<ProcedureStep>;
  /** The decision that published it (quyết định công bố). */
  readonly publication: ProcedurePublication;
};

/** A length of time (thời hạn). */
export type Duration = {
  readonly __typename?: 'Duration';
  /** How many, halves allowed for working days (số lượng). */
  readonly amount: Scalars['Float']['output'];
  /** Counted in (đơn vị). */
  readonly unit: DurationUnit;
};

/** A document that the applicant hands in (giấy tờ trong thành phần hồ sơ). */
export type RequiredDocument = {
  readonly __typename?: 'RequiredDocument';
  /** Name (tên giấy tờ). */
  readonly name: Scalars['String']['output'];
  /** How many originals (số bản chính). */
  readonly originals: Scalars['Int']['output'];
  /** How many copies (số bản sao). */
  readonly copies: Scalars['Int']['output'];
  /** Whether the dossier is complete without it (không bắt buộc). */
  readonly optional: Scalars['Boolean']['output'];
};

/** A step of an agency's internal process (bước trong quy trình nội bộ). */
export type ProcedureStep = {
  readonly __typename?: 'ProcedureStep';
  /** Place in the order, from 1 (thứ tự). */
  readonly order: Scalars['Int']['output'];
  /** What is done (nội dung công việc). */
  readonly name: Scalars['String']['output'];
  /** Who does it (vai trò thực hiện). */
  readonly role: Scalars['String']['output'];
  /** Working hours allowed (số giờ làm việc). */
  readonly hours: Scalars['Float']['output'];
};

/** The decision by which a procedure was published (quyết định công bố thủ tục). */
export type ProcedurePublication = {
  readonly __typename?: 'ProcedurePublication';
  /** Number of the decision (số quyết định). */
  readonly decision: Scalars['String']['output'];
  /** Day it was issued (ngày ban hành). */
  readonly issuedOn: Scalars['Date']['output'];
  /** First day of validity (ngày có hiệu lực). */
  readonly validFrom: Scalars['Date']['output'];
  /** Last day of validity; null while it is valid (ngày hết hiệu lực). */
  readonly validTo?: Maybe<Scalars['Date']['output']>;
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** The agency that works on it (cơ quan xử lý). */
  readonly agency: Agency;
  /** The dossier it belongs to (hồ sơ). */
  readonly dossier: Dossier;
  /** The procedure by which the agency works (thủ tục áp dụng). */
  readonly procedure: Procedure;
  /** State now, by the national codes (trạng thái). */
  readonly state: CaseState;
  /** States the case may move to from here (các trạng thái được phép chuyển tới). */
  readonly allowedStates: ReadonlyArray<CaseState>;
  /** When the agency received it (ngày tiếp nhận). */
  readonly receivedAt: Scalars['DateTime']['output'];
  /** Deadline on the working calendar (hạn xử lý). */
  readonly dueAt: Scalars['DateTime']['output'];
  /** When the work ended (ngày kết thúc xử lý); null while it goes on. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Past its deadline by date, finished or not (trễ hạn). */
  readonly isOverdue: Scalars['Boolean']['output'];
  /** Why it is late and until when, once the agency has apologised (lý do trễ hẹn). */
  readonly delay?: Maybe<CaseDelay>;
  /** The officer in charge (cán bộ thụ lý). */
  readonly officer?: Maybe<Officer>;
  /** Internal steps with their progress (các bước xử lý). */
  readonly steps: ReadonlyArray<CaseStep>;
  /** Append-only history, oldest first (lịch sử xử lý). */
  readonly events: ReadonlyArray<CaseEvent>;
  /** Supplements asked for, oldest first (các lần yêu cầu bổ sung). */
  readonly supplements: ReadonlyArray<SupplementRequest>;
  /** What came out of it (kết quả giải quyết). */
  readonly result?: Maybe<CaseResult>;
};

/** Why a case is late (lý do trễ hẹn). */
export type CaseDelay = {
  readonly __typename?: 'CaseDelay';
  /** Reason given (lý do). */
  readonly reason: Scalars['String']['output'];
  /** When the agency apologised (thời điểm xin lỗi). */
  readonly apologisedAt: Scalars['DateTime']['output'];
  /** The deadline before (hạn cũ). */
  readonly previousDueAt: Scalars['DateTime']['output'];
};

/** An official who works on cases (cán bộ, công chức). */
export type Officer = {
  readonly __typename?: 'Officer';
  /** Code within the agency (mã cán bộ). */
  readonly code: Scalars['ID']['output'];
  /** Full name (họ tên). */
  readonly name: Scalars['String']['output'];
  /** Position (chức danh). */
  readonly title: Scalars['String']['output'];
};

/** Progress of one internal step of a case (tiến độ một bước xử lý). */
export type CaseStep = {
  readonly __typename?: 'CaseStep';
  /** Place in the order, from 1 (thứ tự). */
  readonly order: Scalars['Int']['output'];
  /** What is done (nội dung công việc). */
  readonly name: Scalars['String']['output'];
  /** Who does it (cán bộ thực hiện). */
  readonly officer?: Maybe<Officer>;
  /** When it began (thời điểm bắt đầu); null before. */
  readonly startedAt?: Maybe<Scalars['DateTime']['output']>;
  /** When it ended (thời điểm kết thúc); null before. */
  readonly finishedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** One entry of a case's history (một sự kiện trong lịch sử xử lý). */
export type CaseEvent = {
  readonly __typename?: 'CaseEvent';
  /** Place in the history, from 1, without gaps (số thứ tự). */
  readonly sequence: Scalars['Int']['output'];
  /** When it happened (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** State before; null for the first event (trạng thái trước). */
  readonly from?: Maybe<CaseState>;
  /** State after (trạng thái sau). */
  readonly to: CaseState;
  /** Who did it (cán bộ thực hiện). */
  readonly officer?: Maybe<Officer>;
  /** Remark (ghi chú). */
  readonly note?: Maybe<Scalars['String']['output']>;
};

/** Missing documents asked for (yêu cầu bổ sung). */
export type SupplementRequest = {
  readonly __typename?: 'SupplementRequest';
  /** Names of the documents (giấy tờ cần bổ sung). */
  readonly documents: ReadonlyArray<Scalars['String']['output']>;
  /** Why they are needed (lý do). */
  readonly reason: Scalars['String']['output'];
  /** When they were asked for (thời điểm yêu cầu). */
  readonly requestedAt: Scalars['DateTime']['output'];
  /** When they arrived; null while awaited (thời điểm nhận đủ). */
  readonly receivedAt?: Maybe<Scalars['DateTime']['output']>;
};

/** The paper or record that a case ends with (kết quả giải quyết). */
export type CaseResult = {
  readonly __typename?: 'CaseResult';
  /** Number of the paper or record (số văn bản). */
  readonly number: Scalars['String']['output'];
  /** What it says in one line (trích yếu). */
  readonly summary: Scalars['String']['output'];
  /** When it was issued (ngày cấp). */
  readonly issuedAt: Scalars['DateTime']['output'];
};

/** A page of procedures (một trang thủ tục). */
export type ProcedureConnection = {
  readonly __typename?: 'ProcedureConnection';
  /** Rows with their cursors (các dòng). */
  readonly edges: ReadonlyArray<ProcedureEdge>;
  /** Rows alone (các thủ tục). */
  readonly nodes: ReadonlyArray<Procedure>;
  /** Where this page stands (vị trí trang). */
  readonly pageInfo: PageInfo;
  /** How many match in all (tổng số). */
  readonly totalCount: Scalars['Int']['output'];
};

/** One row of a page of procedures (một dòng). */
export type ProcedureEdge = {
  readonly __typename?: 'ProcedureEdge';
  /** Stable position of the row (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** How well it matches the search (độ phù hợp): 10 for each word that the name has, 4 for each that the field has, the last word also as a beginning; 0 without a search. The same rule at every agency, so that rows of several can be ranked together. */
  readonly score: Scalars['Int']['output'];
  /** The procedure (thủ tục). */
  readonly node: Procedure;
};

/** A page of cases (một trang phần việc). */
export type AgencyCaseConnection = {
  readonly __typename?: 'AgencyCaseConnection';
  /** Rows with their cursors (các dòng). */
  readonly edges: ReadonlyArray<AgencyCaseEdge>;
  /** Rows alone (các phần việc). */
  readonly nodes: ReadonlyArray<AgencyCase>;
  /** Where this page stands (vị trí trang). */
  readonly pageInfo: PageInfo;
};

/** One row of a page of cases (một dòng). */
export type AgencyCaseEdge = {
  readonly __typename?: 'AgencyCaseEdge';
  /** Stable position of the row (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** The case (phần việc). */
  readonly node: AgencyCase;
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

/** What a change of a case answers with (kết quả thao tác trên phần việc). */
export type CasePayload = {
  readonly __typename?: 'CasePayload';
  /** The case as this change left it (phần việc sau thao tác). */
  readonly case: AgencyCase;
};

/** What an agency needs to begin its share (thông tin mở phần việc). */
export type OpenCaseInput = {
  /** Dossier code (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['input'];
  /** Procedure by which the agency works (mã thủ tục). */
  readonly procedureCode: Scalars['ID']['input'];
  /** When the dossier reached the agency (thời điểm chuyển hồ sơ); now when left out. */
  readonly receivedAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Deadline given by the centre (hạn xử lý do trung tâm ấn định); computed from the procedure when left out. */
  readonly dueAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** Who applies (tên chủ hồ sơ). */
  readonly applicantName?: InputMaybe<Scalars['String']['input']>;
  /** Personal ID of the applicant, 12 digits (số định danh cá nhân). */
  readonly personalId?: InputMaybe<Scalars['ID']['input']>;
  /** Tax code of the applicant (mã số thuế). */
  readonly taxCode?: InputMaybe<Scalars['ID']['input']>;
};

/** The paper or record that a case ends with (kết quả giải quyết). */
export type CaseResultInput = {
  /** Number of the paper or record (số văn bản). */
  readonly number: Scalars['String']['input'];
  /** What it says in one line (trích yếu). */
  readonly summary: Scalars['String']['input'];
};

/** Which cases (điều kiện lọc phần việc); conditions are joined by AND. */
export type CaseFilter = {
  /** In one of these states (trạng thái). */
  readonly states?: InputMaybe<ReadonlyArray<CaseState>>;
  /** Of this procedure (mã thủ tục). */
  readonly procedureCode?: InputMaybe<Scalars['ID']['input']>;
  /** Received on or after this day (nhận từ ngày). */
  readonly receivedFrom?: InputMaybe<Scalars['Date']['input']>;
  /** Received on or before this day (nhận đến ngày). */
  readonly receivedTo?: InputMaybe<Scalars['Date']['input']>;
  /** Not finished and past the deadline (true), or the others (false) (quá hạn chưa xong). */
  readonly overdue?: InputMaybe<Scalars['Boolean']['input']>;
};

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

/** What a duration is counted in (đơn vị thời hạn). */
export type DurationUnit =
  /** Ngày làm việc: working days of 8 hours. */
  | 'WORKING_DAY'
  /** Ngày: calendar days; the end moves off non-working days. */
  | 'CALENDAR_DAY';

/** How far a procedure can be done online (mức độ dịch vụ công trực tuyến). */
export type OnlineLevel =
  /** Chưa trực tuyến: at the counter only; information online. */
  | 'NONE'
  /** Một phần: partly online. */
  | 'PARTIAL'
  /** Toàn trình: fully online. */
  | 'FULL';

/** How the one-stop mechanism handles a procedure (cơ chế một cửa). */
export type OneStopKind =
  /** Một cửa: one agency alone. */
  | 'ONE_STOP'
  /** Một cửa liên thông cùng cấp: several agencies of one level. */
  | 'INTERCONNECTED'
  /** Một cửa liên thông các cấp: agencies of several levels. */
  | 'INTERCONNECTED_LEVELS';



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
  Agency: Agency;
  Procedure: Procedure;
  AgencyCase: AgencyCase;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Agency:
    ( { __typename: 'Agency' }
    & GraphQLRecursivePick<FederationTypes['Agency'], {"code":true}> );
  Procedure:
    ( { __typename: 'Procedure' }
    & GraphQLRecursivePick<FederationTypes['Procedure'], {"agencyCode":true,"code":true}> );
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Money: ResolverTypeWrapper<Scalars['Money']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Agency: ResolverTypeWrapper<AgencyParent>;
  Dossier: ResolverTypeWrapper<DossierParent>;
  Procedure: ResolverTypeWrapper<ProcedureParent>;
  Duration: ResolverTypeWrapper<DurationParent>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  RequiredDocument: ResolverTypeWrapper<RequiredDocument>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ProcedureStep: ResolverTypeWrapper<ProcedureStep>;
  ProcedurePublication: ResolverTypeWrapper<ProcedurePublication>;
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  CaseDelay: ResolverTypeWrapper<CaseDelay>;
  Officer: ResolverTypeWrapper<OfficerParent>;
  CaseStep: ResolverTypeWrapper<CaseStepParent>;
  CaseEvent: ResolverTypeWrapper<CaseEventParent>;
  SupplementRequest: ResolverTypeWrapper<SupplementRequest>;
  CaseResult: ResolverTypeWrapper<CaseResult>;
  ProcedureConnection: ResolverTypeWrapper<ProcedureConnectionParent>;
  ProcedureEdge: ResolverTypeWrapper<ProcedureEdgeParent>;
  AgencyCaseConnection: ResolverTypeWrapper<AgencyCaseConnectionParent>;
  AgencyCaseEdge: ResolverTypeWrapper<AgencyCaseEdgeParent>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  CasePayload: ResolverTypeWrapper<CasePayloadParent>;
  OpenCaseInput: OpenCaseInput;
  CaseResultInput: CaseResultInput;
  CaseFilter: CaseFilter;
  CaseState: CaseState;
  AdministrativeLevel: AdministrativeLevel;
  DurationUnit: DurationUnit;
  OnlineLevel: OnlineLevel;
  OneStopKind: OneStopKind;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Money: Scalars['Money']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  Mutation: Record<PropertyKey, never>;
  Agency: AgencyParent;
  Dossier: DossierParent;
  Procedure: ProcedureParent;
  Duration: DurationParent;
  Float: Scalars['Float']['output'];
  RequiredDocument: RequiredDocument;
  Boolean: Scalars['Boolean']['output'];
  ProcedureStep: ProcedureStep;
  ProcedurePublication: ProcedurePublication;
  AgencyCase: AgencyCaseParent;
  CaseDelay: CaseDelay;
  Officer: OfficerParent;
  CaseStep: CaseStepParent;
  CaseEvent: CaseEventParent;
  SupplementRequest: SupplementRequest;
  CaseResult: CaseResult;
  ProcedureConnection: ProcedureConnectionParent;
  ProcedureEdge: ProcedureEdgeParent;
  AgencyCaseConnection: AgencyCaseConnectionParent;
  AgencyCaseEdge: AgencyCaseEdgeParent;
  PageInfo: PageInfo;
  CasePayload: CasePayloadParent;
  OpenCaseInput: OpenCaseInput;
  CaseResultInput: CaseResultInput;
  CaseFilter: CaseFilter;
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

export type QueryResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  agencyCase?: Resolver<Maybe<ResolversTypes['AgencyCase']>, ParentType, ContextType, RequireFields<QueryAgencyCaseArgs, 'agencyCode' | 'dossierCode'>>;
  procedure?: Resolver<Maybe<ResolversTypes['Procedure']>, ParentType, ContextType, RequireFields<QueryProcedureArgs, 'agencyCode' | 'code'>>;
  procedures?: Resolver<Maybe<ResolversTypes['ProcedureConnection']>, ParentType, ContextType, RequireFields<QueryProceduresArgs, 'first'>>;
};

export type MutationResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  openCase?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationOpenCaseArgs, 'agencyCode' | 'input' | 'idempotencyKey'>>;
  advanceCase?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationAdvanceCaseArgs, 'agencyCode' | 'dossierCode' | 'to' | 'idempotencyKey'>>;
  finishStep?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationFinishStepArgs, 'agencyCode' | 'dossierCode' | 'idempotencyKey'>>;
  requestSupplement?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationRequestSupplementArgs, 'agencyCode' | 'dossierCode' | 'documents' | 'reason' | 'idempotencyKey'>>;
  receiveSupplement?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationReceiveSupplementArgs, 'agencyCode' | 'dossierCode' | 'documents' | 'idempotencyKey'>>;
  withdrawCase?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationWithdrawCaseArgs, 'agencyCode' | 'dossierCode' | 'idempotencyKey'>>;
  completeCase?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationCompleteCaseArgs, 'agencyCode' | 'dossierCode' | 'result' | 'idempotencyKey'>>;
  apologiseForDelay?: Resolver<Maybe<ResolversTypes['CasePayload']>, ParentType, ContextType, RequireFields<MutationApologiseForDelayArgs, 'agencyCode' | 'dossierCode' | 'reason' | 'newDueAt' | 'idempotencyKey'>>;
};

export type AgencyResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Agency'] = ResolversParentTypes['Agency'], FederationReferenceType extends FederationReferenceTypes['Agency'] = FederationReferenceTypes['Agency']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Agency']> | FederationReferenceType, FederationReferenceType, ContextType>;
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  procedures?: Resolver<Maybe<ResolversTypes['ProcedureConnection']>, ParentType, ContextType, RequireFields<AgencyProceduresArgs, 'first'>>;
  cases?: Resolver<Maybe<ResolversTypes['AgencyCaseConnection']>, ParentType, ContextType, RequireFields<AgencyCasesArgs, 'first'>>;
};

export type DossierResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Dossier'] = ResolversParentTypes['Dossier']> = {
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type ProcedureResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Procedure'] = ResolversParentTypes['Procedure'], FederationReferenceType extends FederationReferenceTypes['Procedure'] = FederationReferenceTypes['Procedure']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Procedure']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['AdministrativeLevel'], ParentType, ContextType>;
  statutoryDuration?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  committedDuration?: Resolver<ResolversTypes['Duration'], ParentType, ContextType>;
  onlineDuration?: Resolver<Maybe<ResolversTypes['Duration']>, ParentType, ContextType>;
  fee?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  onlineLevel?: Resolver<ResolversTypes['OnlineLevel'], ParentType, ContextType>;
  oneStopKind?: Resolver<ResolversTypes['OneStopKind'], ParentType, ContextType>;
  requiredDocuments?: Resolver<ReadonlyArray<ResolversTypes['RequiredDocument']>, ParentType, ContextType>;
  steps?: Resolver<ReadonlyArray<ResolversTypes['ProcedureStep']>, ParentType, ContextType>;
  publication?: Resolver<ResolversTypes['ProcedurePublication'], ParentType, ContextType>;
};

export type DurationResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Duration'] = ResolversParentTypes['Duration']> = {
  amount?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  unit?: Resolver<ResolversTypes['DurationUnit'], ParentType, ContextType>;
};

export type RequiredDocumentResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['RequiredDocument'] = ResolversParentTypes['RequiredDocument']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  originals?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  copies?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  optional?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type ProcedureStepResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['ProcedureStep'] = ResolversParentTypes['ProcedureStep']> = {
  order?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  hours?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
};

export type ProcedurePublicationResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['ProcedurePublication'] = ResolversParentTypes['ProcedurePublication']> = {
  decision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type AgencyCaseResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  agency?: Resolver<ResolversTypes['Agency'], ParentType, ContextType>;
  dossier?: Resolver<ResolversTypes['Dossier'], ParentType, ContextType>;
  procedure?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
  state?: Resolver<ResolversTypes['CaseState'], ParentType, ContextType>;
  allowedStates?: Resolver<ReadonlyArray<ResolversTypes['CaseState']>, ParentType, ContextType>;
  receivedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  isOverdue?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  delay?: Resolver<Maybe<ResolversTypes['CaseDelay']>, ParentType, ContextType>;
  officer?: Resolver<Maybe<ResolversTypes['Officer']>, ParentType, ContextType>;
  steps?: Resolver<ReadonlyArray<ResolversTypes['CaseStep']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['CaseEvent']>, ParentType, ContextType>;
  supplements?: Resolver<ReadonlyArray<ResolversTypes['SupplementRequest']>, ParentType, ContextType>;
  result?: Resolver<Maybe<ResolversTypes['CaseResult']>, ParentType, ContextType>;
};

export type CaseDelayResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['CaseDelay'] = ResolversParentTypes['CaseDelay']> = {
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  apologisedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  previousDueAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type OfficerResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['Officer'] = ResolversParentTypes['Officer']> = {
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type CaseStepResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['CaseStep'] = ResolversParentTypes['CaseStep']> = {
  order?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  officer?: Resolver<Maybe<ResolversTypes['Officer']>, ParentType, ContextType>;
  startedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  finishedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type CaseEventResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['CaseEvent'] = ResolversParentTypes['CaseEvent']> = {
  sequence?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  from?: Resolver<Maybe<ResolversTypes['CaseState']>, ParentType, ContextType>;
  to?: Resolver<ResolversTypes['CaseState'], ParentType, ContextType>;
  officer?: Resolver<Maybe<ResolversTypes['Officer']>, ParentType, ContextType>;
  note?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SupplementRequestResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['SupplementRequest'] = ResolversParentTypes['SupplementRequest']> = {
  documents?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  requestedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  receivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type CaseResultResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['CaseResult'] = ResolversParentTypes['CaseResult']> = {
  number?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  summary?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ProcedureConnectionResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['ProcedureConnection'] = ResolversParentTypes['ProcedureConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProcedureEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Procedure']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ProcedureEdgeResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['ProcedureEdge'] = ResolversParentTypes['ProcedureEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  score?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Procedure'], ParentType, ContextType>;
};

export type AgencyCaseConnectionResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['AgencyCaseConnection'] = ResolversParentTypes['AgencyCaseConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['AgencyCaseEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['AgencyCase']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type AgencyCaseEdgeResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['AgencyCaseEdge'] = ResolversParentTypes['AgencyCaseEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AgencyCase'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type CasePayloadResolvers<ContextType = AgencyRequest, ParentType extends ResolversParentTypes['CasePayload'] = ResolversParentTypes['CasePayload']> = {
  case?: Resolver<ResolversTypes['AgencyCase'], ParentType, ContextType>;
};

export type Resolvers<ContextType = AgencyRequest> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Money?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Agency?: AgencyResolvers<ContextType>;
  Dossier?: DossierResolvers<ContextType>;
  Procedure?: ProcedureResolvers<ContextType>;
  Duration?: DurationResolvers<ContextType>;
  RequiredDocument?: RequiredDocumentResolvers<ContextType>;
  ProcedureStep?: ProcedureStepResolvers<ContextType>;
  ProcedurePublication?: ProcedurePublicationResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  CaseDelay?: CaseDelayResolvers<ContextType>;
  Officer?: OfficerResolvers<ContextType>;
  CaseStep?: CaseStepResolvers<ContextType>;
  CaseEvent?: CaseEventResolvers<ContextType>;
  SupplementRequest?: SupplementRequestResolvers<ContextType>;
  CaseResult?: CaseResultResolvers<ContextType>;
  ProcedureConnection?: ProcedureConnectionResolvers<ContextType>;
  ProcedureEdge?: ProcedureEdgeResolvers<ContextType>;
  AgencyCaseConnection?: AgencyCaseConnectionResolvers<ContextType>;
  AgencyCaseEdge?: AgencyCaseEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  CasePayload?: CasePayloadResolvers<ContextType>;
};

