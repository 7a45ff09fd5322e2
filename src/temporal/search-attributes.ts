import { temporal } from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes';

const { IndexedValueType } = temporal.api.enums.v1;

type Type = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES]['type'];

/** A search attribute under the three names its type has: the SDK's, the server API's and the CLI's. */
export interface SearchAttribute {
  readonly name: string;
  readonly type: Type;
  readonly indexedValueType: temporal.api.enums.v1.IndexedValueType;
  /** As in `temporal … --search-attribute JobState=Keyword`, and what operators read. */
  readonly typeName: string;
}

const TYPES: Readonly<Record<Type, Pick<SearchAttribute, 'indexedValueType' | 'typeName'>>> = {
  KEYWORD: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, typeName: 'Keyword' },
  KEYWORD_LIST: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST, typeName: 'KeywordList' },
  DATETIME: { indexedValueType: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME, typeName: 'Datetime' },
};

/** Every search attribute that a namespace needs, in a fixed order. */
export const REQUIRED_SEARCH_ATTRIBUTES: readonly SearchAttribute[] = Object.values(SEARCH_ATTRIBUTES).map((key) => ({
  ...key,
  ...TYPES[key.type],
}));
