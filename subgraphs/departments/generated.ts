// Generated from schema/departments.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CaseKey as AgencyCaseParent } from '../kit/agency/context.ts';
import type { LandRecordRow as LandRecordParent, LicenceRow as LicenceParent } from './sql.ts';
import type { DepartmentRequest } from './context.ts';
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
  /** A calendar day, ISO 8601 (ngày): `2026-11-21`. */
  Date: { input: string; output: string; }
  _FieldSet: { input: unknown; output: unknown; }
};

/** Where a reading of the graph begins (truy vấn). */
export type Query = {
  readonly __typename?: 'Query';
  /** A licence by its number at the department that issued it (giấy phép theo số). */
  readonly licence?: Maybe<Licence>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryLicenceArgs = {
  agencyCode: Scalars['ID']['input'];
  number: Scalars['ID']['input'];
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** The licence issued in this case (giấy phép). */
  readonly licence?: Maybe<Licence>;
  /** Land parcels concerned by this case (thửa đất); null for cases that are not a department's or when it does not answer. */
  readonly landRecords?: Maybe<ReadonlyArray<LandRecord>>;
};

/** A licence issued by a department (giấy phép, chứng chỉ). */
export type Licence = {
  readonly __typename?: 'Licence';
  /** Number (số giấy phép). */
  readonly number: Scalars['ID']['output'];
  /** What it allows (nội dung cho phép). */
  readonly subject: Scalars['String']['output'];
  /** Who holds it (chủ giấy phép). */
  readonly holder: Scalars['String']['output'];
  /** First day of validity (ngày cấp). */
  readonly issuedOn: Scalars['Date']['output'];
  /** Last day of validity; null when unlimited (ngày hết hạn). */
  readonly validTo?: Maybe<Scalars['Date']['output']>;
};

/** A parcel of land in the cadastre (thửa đất trong hồ sơ địa chính). */
export type LandRecord = {
  readonly __typename?: 'LandRecord';
  /** Number of the map sheet (số tờ bản đồ). */
  readonly mapSheet: Scalars['Int']['output'];
  /** Number of the parcel (số thửa). */
  readonly parcel: Scalars['Int']['output'];
  /** Area in square metres (diện tích, m²). */
  readonly area: Scalars['Float']['output'];
  /** What the land is used for (mục đích sử dụng). */
  readonly purpose: Scalars['String']['output'];
  /** Address (địa chỉ thửa đất). */
  readonly address: Scalars['String']['output'];
  /** Number of the certificate; null before it is issued (số giấy chứng nhận). */
  readonly certificate?: Maybe<Scalars['ID']['output']>;
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
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  Licence: ResolverTypeWrapper<LicenceParent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  LandRecord: ResolverTypeWrapper<LandRecordParent>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  Float: ResolverTypeWrapper<Scalars['Float']['output']>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Date: Scalars['Date']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  AgencyCase: AgencyCaseParent;
  Licence: LicenceParent;
  String: Scalars['String']['output'];
  LandRecord: LandRecordParent;
  Int: Scalars['Int']['output'];
  Float: Scalars['Float']['output'];
  Boolean: Scalars['Boolean']['output'];
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export type QueryResolvers<ContextType = DepartmentRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  licence?: Resolver<Maybe<ResolversTypes['Licence']>, ParentType, ContextType, RequireFields<QueryLicenceArgs, 'agencyCode' | 'number'>>;
};

export type AgencyCaseResolvers<ContextType = DepartmentRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  licence?: Resolver<Maybe<ResolversTypes['Licence']>, ParentType, ContextType>;
  landRecords?: Resolver<Maybe<ReadonlyArray<ResolversTypes['LandRecord']>>, ParentType, ContextType>;
};

export type LicenceResolvers<ContextType = DepartmentRequest, ParentType extends ResolversParentTypes['Licence'] = ResolversParentTypes['Licence']> = {
  number?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  holder?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  issuedOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  validTo?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
};

export type LandRecordResolvers<ContextType = DepartmentRequest, ParentType extends ResolversParentTypes['LandRecord'] = ResolversParentTypes['LandRecord']> = {
  mapSheet?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  parcel?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  area?: Resolver<ResolversTypes['Float'], ParentType, ContextType>;
  purpose?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  address?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  certificate?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = DepartmentRequest> = {
  Date?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  Licence?: LicenceResolvers<ContextType>;
  LandRecord?: LandRecordResolvers<ContextType>;
};

