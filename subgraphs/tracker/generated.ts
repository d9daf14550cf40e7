// Generated from schema/tracker.graphql by schema/build/codegen.ts. Do not edit.
import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AgencyKey as AgencyParent, OwnAccess as DataAccessParent, AccessConnection as DataAccessConnectionParent, AccessEdge as DataAccessEdgeParent, FieldName as DataFieldParent, TrackerRequest } from './context.ts';
import type { StatedPurpose as DataPurposeParent, Reader as DataReaderParent, Asked as DataSourceParent } from '../../gateway/record/tracker.ts';
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
  _FieldSet: { input: unknown; output: unknown; }
};

/** Where a reading of the graph begins (truy vấn). */
export type Query = {
  readonly __typename?: 'Query';
  /** Who has read your data (ai đã xem dữ liệu của tôi), latest first: yours by your token, of a citizen or of a business, and nobody else's. */
  readonly myDataAccess?: Maybe<DataAccessConnection>;
};


/** Where a reading of the graph begins (truy vấn). */
export type QueryMyDataAccessArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
};

/** A page of readings of your data (một trang lượt truy cập). */
export type DataAccessConnection = {
  readonly __typename?: 'DataAccessConnection';
  /** Rows with their cursors (các dòng). */
  readonly edges: ReadonlyArray<DataAccessEdge>;
  /** Rows alone (các lượt truy cập). */
  readonly nodes: ReadonlyArray<DataAccess>;
  /** Where this page stands (vị trí trang). */
  readonly pageInfo: PageInfo;
};

/** One row of a page of readings (một dòng). */
export type DataAccessEdge = {
  readonly __typename?: 'DataAccessEdge';
  /** Stable position of the row (con trỏ). */
  readonly cursor: Scalars['String']['output'];
  /** The reading (lượt truy cập). */
  readonly node: DataAccess;
};

/** One answer of the graph in which your data was (một lượt truy cập dữ liệu). */
export type DataAccess = {
  readonly __typename?: 'DataAccess';
  /** Number of its entry in the record (số bút toán nhật ký): name it when you ask who the reader was, or complain. */
  readonly id: Scalars['ID']['output'];
  /** When it was (thời điểm). */
  readonly at: Scalars['DateTime']['output'];
  /** In what capacity it was read (bên truy cập); null where nobody had shown who they were. */
  readonly reader?: Maybe<DataReader>;
  /** What for, as the reader said (mục đích); null where nothing was said. */
  readonly purpose?: Maybe<DataPurpose>;
  /** What of your data was read (trường dữ liệu đã xem). */
  readonly fields: ReadonlyArray<DataField>;
  /** Who was asked for it (nơi cung cấp). Where several agencies offer the same, all that were asked. */
  readonly sources: ReadonlyArray<DataSource>;
  /** What the reader was refused in the same request (trường bị từ chối). */
  readonly refused: ReadonlyArray<DataField>;
};

/** In what capacity data was read (bên truy cập dữ liệu): its office, not a person's name, which an auditor finds by the entry's number. */
export type DataReader = {
  readonly __typename?: 'DataReader';
  /** Whether it was you (chính chủ). */
  readonly isYou: Scalars['Boolean']['output'];
  /** Roles (vai trò): `center-officer`. */
  readonly roles: ReadonlyArray<Scalars['String']['output']>;
  /** Code of the organisation that it was read for (mã tổ chức). */
  readonly organisationCode?: Maybe<Scalars['String']['output']>;
  /** That organisation, where it is an agency of this graph (cơ quan). */
  readonly agency?: Maybe<Agency>;
  /** The software that asked (phần mềm). */
  readonly client?: Maybe<Scalars['String']['output']>;
};

/** What data was read for (mục đích truy cập). */
export type DataPurpose = {
  readonly __typename?: 'DataPurpose';
  /** Code (mã mục đích): `dossier-processing`. */
  readonly code: Scalars['String']['output'];
  /** Legal basis, as it was then (căn cứ pháp lý). */
  readonly basis?: Maybe<Scalars['String']['output']>;
};

/** A field of the graph (trường dữ liệu). */
export type DataField = {
  readonly __typename?: 'DataField';
  /** Type and field (tên trường): `Citizen.fullName`. */
  readonly name: Scalars['String']['output'];
  /** What it is, in your language (mô tả); null for fields that the graph has no more. */
  readonly description?: Maybe<Scalars['String']['output']>;
};

/** Who was asked for data (nơi cung cấp dữ liệu). */
export type DataSource = {
  readonly __typename?: 'DataSource';
  /** Name of the service (tên dịch vụ). */
  readonly service: Scalars['String']['output'];
  /** The agency behind it (cơ quan). */
  readonly agency?: Maybe<Agency>;
};

/** A public agency (cơ quan). */
export type Agency = {
  readonly __typename?: 'Agency';
  /** Agency code by Decision 20/2020/QĐ-TTg, canonical spelling (mã cơ quan). */
  readonly code: Scalars['ID']['output'];
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



export type ResolverTypeWrapper<T> = Promise<T> | T;


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





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  DataAccessConnection: ResolverTypeWrapper<DataAccessConnectionParent>;
  DataAccessEdge: ResolverTypeWrapper<DataAccessEdgeParent>;
  DataAccess: ResolverTypeWrapper<DataAccessParent>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  DataReader: ResolverTypeWrapper<DataReaderParent>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  DataPurpose: ResolverTypeWrapper<DataPurposeParent>;
  DataField: ResolverTypeWrapper<DataFieldParent>;
  DataSource: ResolverTypeWrapper<DataSourceParent>;
  Agency: ResolverTypeWrapper<AgencyParent>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  DataAccessConnection: DataAccessConnectionParent;
  DataAccessEdge: DataAccessEdgeParent;
  DataAccess: DataAccessParent;
  ID: Scalars['ID']['output'];
  DataReader: DataReaderParent;
  Boolean: Scalars['Boolean']['output'];
  DataPurpose: DataPurposeParent;
  DataField: DataFieldParent;
  DataSource: DataSourceParent;
  Agency: AgencyParent;
  PageInfo: PageInfo;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type QueryResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  myDataAccess?: Resolver<Maybe<ResolversTypes['DataAccessConnection']>, ParentType, ContextType, RequireFields<QueryMyDataAccessArgs, 'first'>>;
};

export type DataAccessConnectionResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataAccessConnection'] = ResolversParentTypes['DataAccessConnection']> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['DataAccessEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['DataAccess']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type DataAccessEdgeResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataAccessEdge'] = ResolversParentTypes['DataAccessEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['DataAccess'], ParentType, ContextType>;
};

export type DataAccessResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataAccess'] = ResolversParentTypes['DataAccess']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  reader?: Resolver<Maybe<ResolversTypes['DataReader']>, ParentType, ContextType>;
  purpose?: Resolver<Maybe<ResolversTypes['DataPurpose']>, ParentType, ContextType>;
  fields?: Resolver<ReadonlyArray<ResolversTypes['DataField']>, ParentType, ContextType>;
  sources?: Resolver<ReadonlyArray<ResolversTypes['DataSource']>, ParentType, ContextType>;
  refused?: Resolver<ReadonlyArray<ResolversTypes['DataField']>, ParentType, ContextType>;
};

export type DataReaderResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataReader'] = ResolversParentTypes['DataReader']> = {
  isYou?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  roles?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>;
  organisationCode?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  agency?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
  client?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DataPurposeResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataPurpose'] = ResolversParentTypes['DataPurpose']> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  basis?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DataFieldResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataField'] = ResolversParentTypes['DataField']> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type DataSourceResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['DataSource'] = ResolversParentTypes['DataSource']> = {
  service?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  agency?: Resolver<Maybe<ResolversTypes['Agency']>, ParentType, ContextType>;
};

export type AgencyResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['Agency'] = ResolversParentTypes['Agency']> = {
  code?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type PageInfoResolvers<ContextType = TrackerRequest, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type Resolvers<ContextType = TrackerRequest> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  DataAccessConnection?: DataAccessConnectionResolvers<ContextType>;
  DataAccessEdge?: DataAccessEdgeResolvers<ContextType>;
  DataAccess?: DataAccessResolvers<ContextType>;
  DataReader?: DataReaderResolvers<ContextType>;
  DataPurpose?: DataPurposeResolvers<ContextType>;
  DataField?: DataFieldResolvers<ContextType>;
  DataSource?: DataSourceResolvers<ContextType>;
  Agency?: AgencyResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
};

