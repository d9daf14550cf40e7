// Generated from schema/police.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { CaseKey as AgencyCaseParent } from '../kit/agency/context.ts';
import type { CitizenRow as CitizenParent, ResidenceRow as ResidenceParent } from './sql.ts';
import type { PoliceRequest } from './context.ts';
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
  /** A citizen by personal ID (công dân theo số định danh); null when unknown. */
  readonly citizen?: Maybe<Citizen>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryCitizenArgs = {
  personalId: Scalars['ID']['input'];
};

/** One agency's share in a dossier (phần việc của một cơ quan trong hồ sơ). What an agency adds is null for the cases of others, and when it does not answer. */
export type AgencyCase = {
  readonly __typename?: 'AgencyCase';
  /** The agency that works on it (mã cơ quan). */
  readonly agencyCode: Scalars['ID']['output'];
  /** The dossier it belongs to (mã hồ sơ). */
  readonly dossierCode: Scalars['ID']['output'];
  /** The residence registered or deleted in this case (đăng ký cư trú). */
  readonly residence?: Maybe<Residence>;
};

/** A person known to the population register (công dân). */
export type Citizen = {
  readonly __typename?: 'Citizen';
  /** Personal ID, 12 digits (số định danh cá nhân). */
  readonly personalId: Scalars['ID']['output'];
  /** Full name (họ và tên). */
  readonly fullName?: Maybe<Scalars['String']['output']>;
  /** Day of birth (ngày sinh). */
  readonly bornOn?: Maybe<Scalars['Date']['output']>;
  /** Sex (giới tính). */
  readonly sex?: Maybe<Sex>;
  /** Where the person lives (nơi cư trú). */
  readonly residence?: Maybe<Residence>;
};

/** A registered residence (đăng ký cư trú). */
export type Residence = {
  readonly __typename?: 'Residence';
  /** Kind of residence (loại cư trú). */
  readonly kind: ResidenceKind;
  /** Address (địa chỉ). */
  readonly address: Scalars['String']['output'];
  /** Day of registration (ngày đăng ký). */
  readonly registeredOn: Scalars['Date']['output'];
  /** Day of deletion; null while it holds (ngày xóa đăng ký). */
  readonly deletedOn?: Maybe<Scalars['Date']['output']>;
  /** Head of the household (chủ hộ). */
  readonly householdHead?: Maybe<Scalars['String']['output']>;
};

/** Kind of residence (loại cư trú). */
export type ResidenceKind =
  /** Thường trú: permanent. */
  | 'PERMANENT'
  /** Tạm trú: temporary. */
  | 'TEMPORARY';

/** Sex (giới tính). */
export type Sex =
  /** Nữ: female. */
  | 'FEMALE'
  /** Nam: male. */
  | 'MALE';



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
  Citizen: Citizen;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  AgencyCase:
    ( { __typename: 'AgencyCase' }
    & GraphQLRecursivePick<FederationTypes['AgencyCase'], {"agencyCode":true,"dossierCode":true}> );
  Citizen:
    ( { __typename: 'Citizen' }
    & GraphQLRecursivePick<FederationTypes['Citizen'], {"personalId":true}> );
};



/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Date: ResolverTypeWrapper<Scalars['Date']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  AgencyCase: ResolverTypeWrapper<AgencyCaseParent>;
  Citizen: ResolverTypeWrapper<CitizenParent>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Residence: ResolverTypeWrapper<ResidenceParent>;
  ResidenceKind: ResidenceKind;
  Sex: Sex;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Date: Scalars['Date']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  AgencyCase: AgencyCaseParent;
  Citizen: CitizenParent;
  String: Scalars['String']['output'];
  Residence: ResidenceParent;
  Boolean: Scalars['Boolean']['output'];
};

export interface DateScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['Date'], any> {
  name: 'Date';
}

export type QueryResolvers<ContextType = PoliceRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  citizen?: Resolver<Maybe<ResolversTypes['Citizen']>, ParentType, ContextType, RequireFields<QueryCitizenArgs, 'personalId'>>;
};

export type AgencyCaseResolvers<ContextType = PoliceRequest, ParentType extends ResolversParentTypes['AgencyCase'] = ResolversParentTypes['AgencyCase'], FederationReferenceType extends FederationReferenceTypes['AgencyCase'] = FederationReferenceTypes['AgencyCase']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['AgencyCase']> | FederationReferenceType, FederationReferenceType, ContextType>;
  agencyCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  dossierCode?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  residence?: Resolver<Maybe<ResolversTypes['Residence']>, ParentType, ContextType>;
};

export type CitizenResolvers<ContextType = PoliceRequest, ParentType extends ResolversParentTypes['Citizen'] = ResolversParentTypes['Citizen'], FederationReferenceType extends FederationReferenceTypes['Citizen'] = FederationReferenceTypes['Citizen']> = {
  __resolveReference?: ReferenceResolver<Maybe<ResolversTypes['Citizen']> | FederationReferenceType, FederationReferenceType, ContextType>;
  personalId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  fullName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  bornOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  sex?: Resolver<Maybe<ResolversTypes['Sex']>, ParentType, ContextType>;
  residence?: Resolver<Maybe<ResolversTypes['Residence']>, ParentType, ContextType>;
};

export type ResidenceResolvers<ContextType = PoliceRequest, ParentType extends ResolversParentTypes['Residence'] = ResolversParentTypes['Residence']> = {
  kind?: Resolver<ResolversTypes['ResidenceKind'], ParentType, ContextType>;
  address?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  registeredOn?: Resolver<ResolversTypes['Date'], ParentType, ContextType>;
  deletedOn?: Resolver<Maybe<ResolversTypes['Date']>, ParentType, ContextType>;
  householdHead?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = PoliceRequest> = {
  Date?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  AgencyCase?: AgencyCaseResolvers<ContextType>;
  Citizen?: CitizenResolvers<ContextType>;
  Residence?: ResidenceResolvers<ContextType>;
};

