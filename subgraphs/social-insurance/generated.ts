// Generated from schema/social-insurance.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CaseKey as AgencyCaseParent } from '../kit/agency/context.ts';
import type { AllowanceRow as AllowanceParent, CitizenKey as CitizenParent, HealthCardRow as HealthCardParent, InsuredPersonRow as InsuredPersonParent } from './sql.ts';
import type { InsuranceRequest } from './context.ts';
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
  /** An insured person by social insurance number (người tham gia theo mã số BHXH). */
  readonly insuredPerson?: Maybe<InsuredPerson>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryInsuredPersonArgs = {
  insuranceNumber: Scalars['ID']['input'];
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** The health-insurance card issued in this case (thẻ bảo hiểm y tế). */
  readonly healthCard?: Maybe<HealthCard>;
  /** Allowances decided in this case (chế độ, trợ cấp); null for cases that are not social insurance's or when it does not answer. */
  readonly allowances?: Maybe<ReadonlyArray<Allowance>>;
};

/** Someone in the social insurance scheme (người tham gia bảo hiểm xã hội). */
export type InsuredPerson = {
  readonly __typename?: 'InsuredPerson';
  /** Social insurance number (mã số BHXH). */
  readonly insuranceNumber: Scalars['ID']['output'];
  /** Full name (họ tên). */
  readonly name: Scalars['String']['output'];
  /** The person (công dân). */
  readonly citizen?: Maybe<Citizen>;
  /** Health-insurance card in force (thẻ bảo hiểm y tế). */
  readonly healthCard?: Maybe<HealthCard>;
  /** Months of contributions (số tháng đóng). */
  readonly contributionMonths: Scalars['Int']['output'];
  /** Allowances, latest first (các chế độ, trợ cấp). */
  readonly allowances: ReadonlyArray<Allowance>;
};

/** A health-insurance card (thẻ bảo hiểm y tế). */
export type HealthCard = {
  readonly __typename?: 'HealthCard';
  /** Card number: 10 digits since 4/2021, 15 characters before (số thẻ). */
  readonly number: Scalars['ID']['output'];
  /** First day of validity (giá trị từ). */
  readonly validFrom: Scalars['Date']['output'];
  /** Last day of validity (giá trị đến). */
  readonly validTo: Scalars['Date']['output'];
  /** Where the holder is first treated (nơi khám chữa bệnh ban đầu). */
  readonly hospital: Scalars['String']['output'];
};

/** Money paid by social insurance (chế độ, trợ cấp). */
export type Allowance = {
  readonly __typename?: 'Allowance';
  /** Kind, such as funeral allowance (loại: mai táng phí …). */
  readonly kind: Scalars['String']['output'];
  /** Amount (số tiền). */
  readonly amount: Scalars['Money']['output'];
  /** When it was decided (ngày quyết định). */
  readonly decidedAt: Scalars['DateTime']['output'];
  /** When it was paid; null before (ngày chi trả). */
  readonly paidAt?: Maybe<Scalars['DateTime']['output']>;
};

/** A person known to the population register (công dân). */
export type Citizen = {
  readonly __typename?: 'Citizen';
  /** Personal ID, 12 digits (số định danh cá nhân). */
  readonly personalId: Scalars['ID']['output'];
  /** The citizen's social insurance (bảo hiểm xã hội); null when not insured. */
  readonly insuredPerson?: Maybe<InsuredPerson>;
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
  InsuredPerson: InsuredPerson;
  Citizen: Citizen;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
  InsuredPerson:
    ( { __typename: 'InsuredPerson' }
    & GraphQLRecursivePick<FederationTypes['InsuredPerson'], {"insuranceNumber":true}> );
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
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  InsuredPerson: ResolverTypeWrapper<InsuredPersonParent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  HealthCard: ResolverTypeWrapper<HealthCardParent>;
  Allowance: ResolverTypeWrapper<AllowanceParent>;
  Citizen: ResolverTypeWrapper<CitizenParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Date: Scalars['Date']['output'];
  Money: Scalars['Money']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  AgencyCase: AgencyCaseParent;
  InsuredPerson: InsuredPersonParent;
  String: Scalars['String']['output'];
  Int: Scalars['Int']['output'];
  HealthCard: HealthCardParent;
  Allowance: AllowanceParent;
  Citizen: CitizenParent;
  Boolean: Scalars['Boolean']['output'];
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

export type QueryResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  insuredPerson?: Resolver<Maybe<ResolversTypes['InsuredPerson']>, ParentType, ContextType, RequireFields<QueryInsuredPersonArgs, 'insuranceNumber'>>;
};

export type AgencyCaseResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  healthCard?: Resolver<Maybe<ResolversTypes['HealthCard']>, ParentType, ContextType>;
  allowances?: Resolver<Maybe<ReadonlyArray<ResolversTypes['Allowance']>>, ParentType, ContextType>;
};

export type InsuredPersonResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['InsuredPerson'] = ResolversParentTypes['InsuredPerson'], FederationReferenceType extends FederationReferenceTypes['InsuredPerson'] = FederationReferenceTypes['InsuredPerson']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['InsuredPerson']> | FederationReferenceType, FederationReferenceType, ContextType>;
  insuranceNumber?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  citizen?: Resolver<Maybe<ResolversTypes['Citizen']>, ParentType, ContextType>;
  healthCard?: Resolver<Maybe<ResolversTypes['HealthCard']>, ParentType, ContextType>;
  contributionMonths?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  allowances?: Resolver<ReadonlyArray<ResolversTypes['Allowance']>, ParentType, ContextType>;
};

export type HealthCardResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['HealthCard'] = ResolversParentTypes['HealthCard']> = {
  number?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  validFrom?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  hospital?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AllowanceResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['Allowance'] = ResolversParentTypes['Allowance']> = {
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  amount?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  decidedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  paidAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type CitizenResolvers<ContextType = InsuranceRequest, ParentType extends ResolversParentTypes['Citizen'] = ResolversParentTypes['Citizen'], FederationReferenceType extends FederationReferenceTypes['Citizen'] = FederationReferenceTypes['Citizen']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Citizen']> | FederationReferenceType, FederationReferenceType, ContextType>;
  personalId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  insuredPerson?: Resolver<Maybe<ResolversTypes['InsuredPerson']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = InsuranceRequest> = {
  DateTime?: GraphQLScalarType;
  Date?: GraphQLScalarType;
  Money?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  InsuredPerson?: InsuredPersonResolvers<ContextType>;
  HealthCard?: HealthCardResolvers<ContextType>;
  Allowance?: AllowanceResolvers<ContextType>;
  Citizen?: CitizenResolvers<ContextType>;
};

