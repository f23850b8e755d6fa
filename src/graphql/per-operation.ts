import type { View } from '../access/view.js';
import type { Context } from './context.js';

/**
 * Makes something once per operation, which its resolvers share: for example loaders, which batch
 * reads and remember them until the operation ends. In a subscription each event is an operation.
 */
export function perOperation<T>(make: (view: View) => T): (context: Pick<Context, 'view'>) => T {
  const made = new WeakMap<View, { readonly of: T }>();
  return ({ view }) => {
    const known = made.get(view) ?? { of: make(view) };
    made.set(view, known);
    return known.of;
  };
}
