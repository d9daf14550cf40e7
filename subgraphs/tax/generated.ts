// Generated from schema/tax.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CaseKey as AgencyCaseParent } from '../kit/agency/context.ts';
import type { BusinessKey as BusinessParent, CitizenKey as CitizenParent, NoticeRow as TaxNoticeParent, PaymentRow as TaxPaymentParent, PaymentPayload as TaxPaymentPayloadParent, TaxpayerRow as TaxpayerParent } from './sql.ts';
import type { TaxRequest } from './context.ts';
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
  /** A taxpayer by tax code (người nộp thuế theo mã số thuế). */
  readonly taxpayer?: Maybe<Taxpayer>;
  /** A registered business by tax code (doanh nghiệp theo mã số thuế). */
  readonly business?: Maybe<Business>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryTaxpayerArgs = {
  taxCode: Scalars['ID']['input'];
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryBusinessArgs = {
  taxCode: Scalars['ID']['input'];
};

/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type Mutation = {
  readonly __typename?: 'Mutation';
  /** Records a payment against a tax notice (ghi nhận nộp thuế); never more than what remains. */
  readonly recordTaxPayment?: Maybe<TaxPaymentPayload>;
};


/** What changes something (thao tác ghi). Every field takes an idempotency key: the same key twice gives the same answer and one effect. */
export type MutationRecordTaxPaymentArgs = {
  noticeNumber: Scalars['ID']['input'];
  amount: Scalars['Money']['input'];
  idempotencyKey: Scalars['ID']['input'];
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** Tax notices issued in this case (thông báo nộp thuế); null for cases that are not the tax office's or when it does not answer. */
  readonly taxNotices?: Maybe<ReadonlyArray<TaxNotice>>;
};

/** A notice of what is to be paid (thông báo nộp tiền). */
export type TaxNotice = {
  readonly __typename?: 'TaxNotice';
  /** Number of the notice (số thông báo). */
  readonly number: Scalars['ID']['output'];
  /** Kind of tax or fee (loại thuế, phí). */
  readonly kind: Scalars['String']['output'];
  /** Amount to pay (số tiền phải nộp). */
  readonly amount: Scalars['Money']['output'];
  /** Paid so far (đã nộp). */
  readonly paid: Scalars['Money']['output'];
  /** Still to pay (còn phải nộp). */
  readonly remaining: Scalars['Money']['output'];
  /** When it was issued (ngày phát hành). */
  readonly issuedAt: Scalars['DateTime']['output'];
  /** Last day to pay (hạn nộp). */
  readonly dueOn: Scalars['Date']['output'];
  /** Payments received, oldest first (các lần nộp). */
  readonly payments: ReadonlyArray<TaxPayment>;
};

/** One payment against a notice (một lần nộp). */
export type TaxPayment = {
  readonly __typename?: 'TaxPayment';
  /** Amount (số tiền). */
  readonly amount: Scalars['Money']['output'];
  /** When it was paid (thời điểm nộp). */
  readonly paidAt: Scalars['DateTime']['output'];
};

/** What recording a payment answers with (kết quả ghi nhận nộp thuế). */
export type TaxPaymentPayload = {
  readonly __typename?: 'TaxPaymentPayload';
  /** The notice as the payment left it (thông báo sau khi nộp). */
  readonly notice: TaxNotice;
};

/** Whoever pays taxes, a person or a business (người nộp thuế). */
export type Taxpayer = {
  readonly __typename?: 'Taxpayer';
  /** Tax code (mã số thuế). */
  readonly taxCode: Scalars['ID']['output'];
  /** Registered name (tên người nộp thuế). */
  readonly name: Scalars['String']['output'];
  /** Whether the tax code is in use (tình trạng mã số thuế). */
  readonly active: Scalars['Boolean']['output'];
  /** What is to be paid, latest first (nghĩa vụ thuế). */
  readonly obligations: ReadonlyArray<TaxNotice>;
  /** Sum of what remains to be paid (tổng số còn nợ). */
  readonly totalRemaining: Scalars['Money']['output'];
};

/** A registered business (doanh nghiệp). */
export type Business = {
  readonly __typename?: 'Business';
  /** Tax code, also the number of the business registration (mã số thuế, mã số doanh nghiệp). */
  readonly taxCode: Scalars['ID']['output'];
  /** Registered name (tên doanh nghiệp). */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** Registered address (địa chỉ trụ sở). */
  readonly address?: Maybe<Scalars['String']['output']>;
  /** The business as a taxpayer (người nộp thuế). */
  readonly taxpayer?: Maybe<Taxpayer>;
};

/** A person known to the population register (công dân). */
export type Citizen = {
  readonly __typename?: 'Citizen';
  /** Personal ID, 12 digits (số định danh cá nhân). */
  readonly personalId: Scalars['ID']['output'];
  /** The citizen as a taxpayer (người nộp thuế); null when not registered. */
  readonly taxpayer?: Maybe<Taxpayer>;
};



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
  AgencyCase: AgencyCase;
  Taxpayer: Taxpayer;
  Business: Business;
  Citizen: Citizen;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
  Taxpayer:
    ( { __typename: 'Taxpayer' }
    & GraphQLRecursivePick<FederationTypes['Taxpayer'], {"taxCode":true}> );
  Business:
    ( { __typename: 'Business' }
    & GraphQLRecursivePick<FederationTypes['Business'], {"taxCode":true}> );
  Citizen:
    ( { __typename: 'Citizen' }
    & GraphQLRecursivePick<FederationTypes['Citizen'], {"personalId":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Money: ResolverTypeWrapper<Scalars['Money']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  TaxNotice: ResolverTypeWrapper<TaxNoticeParent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  TaxPayment: ResolverTypeWrapper<TaxPaymentParent>;
  TaxPaymentPayload: ResolverTypeWrapper<TaxPaymentPayloadParent>;
  Taxpayer: ResolverTypeWrapper<TaxpayerParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Business: ResolverTypeWrapper<BusinessParent>;
  Citizen: ResolverTypeWrapper<CitizenParent>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Money: Scalars['Money']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Mutation: Record<PropertyKey, never>;
  AgencyCase: AgencyCaseParent;
  TaxNotice: TaxNoticeParent;
  String: Scalars['String']['output'];
  TaxPayment: TaxPaymentParent;
  TaxPaymentPayload: TaxPaymentPayloadParent;
  Taxpayer: TaxpayerParent;
  Boolean: Scalars['Boolean']['output'];
  Business: BusinessParent;
  Citizen: CitizenParent;
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

export type QueryResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  taxpayer?: Resolver<Maybe<ResolversTypes['Taxpayer']>, ParentType, ContextType, RequireFields<QueryTaxpayerArgs, 'taxCode'>>;
  business?: Resolver<Maybe<ResolversTypes['Business']>, ParentType, ContextType, RequireFields<QueryBusinessArgs, 'taxCode'>>;
};

export type MutationResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  recordTaxPayment?: Resolver<Maybe<ResolversTypes['TaxPaymentPayload']>, ParentType, ContextType, RequireFields<MutationRecordTaxPaymentArgs, 'noticeNumber' | 'amount' | 'idempotencyKey'>>;
};

export type AgencyCaseResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  taxNotices?: Resolver<Maybe<ReadonlyArray<ResolversTypes['TaxNotice']>>, ParentType, ContextType>;
};

export type TaxNoticeResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['TaxNotice'] = ResolversParentTypes['TaxNotice']> = {
  number?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  paid?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  remaining?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  issuedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  dueOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  payments?: Resolver<ReadonlyArray<ResolversTypes['TaxPayment']>, ParentType, ContextType>;
};

export type TaxPaymentResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['TaxPayment'] = ResolversParentTypes['TaxPayment']> = {
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  paidAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type TaxPaymentPayloadResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['TaxPaymentPayload'] = ResolversParentTypes['TaxPaymentPayload']> = {
  notice?: Resolver<ResolversTypes['TaxNotice'], ParentType, ContextType>;
};

export type TaxpayerResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['Taxpayer'] = ResolversParentTypes['Taxpayer'], FederationReferenceType extends FederationReferenceTypes['Taxpayer'] = FederationReferenceTypes['Taxpayer']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Taxpayer']> | FederationReferenceType, FederationReferenceType, ContextType>;
  taxCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  active?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  obligations?: Resolver<ReadonlyArray<ResolversTypes['TaxNotice']>, ParentType, ContextType>;
  totalRemaining?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type BusinessResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['Business'] = ResolversParentTypes['Business'], FederationReferenceType extends FederationReferenceTypes['Business'] = FederationReferenceTypes['Business']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Business']> | FederationReferenceType, FederationReferenceType, ContextType>;
  taxCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  address?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  taxpayer?: Resolver<Maybe<ResolversTypes['Taxpayer']>, ParentType, ContextType>;
};

export type CitizenResolvers<ContextType = TaxRequest, ParentType extends ResolversParentTypes['Citizen'] = ResolversParentTypes['Citizen'], FederationReferenceType extends FederationReferenceTypes['Citizen'] = FederationReferenceTypes['Citizen']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Citizen']> | FederationReferenceType, FederationReferenceType, ContextType>;
  personalId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  taxpayer?: Resolver<Maybe<ResolversTypes['Taxpayer']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = TaxRequest> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Money?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  TaxNotice?: TaxNoticeResolvers<ContextType>;
  TaxPayment?: TaxPaymentResolvers<ContextType>;
  TaxPaymentPayload?: TaxPaymentPayloadResolvers<ContextType>;
  Taxpayer?: TaxpayerResolvers<ContextType>;
  Business?: BusinessResolvers<ContextType>;
  Citizen?: CitizenResolvers<ContextType>;
};

