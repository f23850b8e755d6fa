import type { Context } from '../graphql/context.js';
import { keepHolders, keepSites, masterData } from './master-data.loaders.js';
import type { FoundNames } from './place-names.read-model.js';

/** Keeps the names that another statement found, so that this operation does not read them again. */
export function keepNames({ sites, found }: FoundNames, context: Pick<Context, 'view'>): void {
  keepSites(sites, masterData(context));
  keepHolders(found.holders, found, masterData(context));
}
