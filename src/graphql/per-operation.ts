import type { View } from '../access/view.js';
import type { Context } from './context.js';

/**
 * What one operation makes once and its resolvers share: loaders, which batch what is asked for and remember it until the operation
 * is over. In a subscription each event is an operation.
 */
export function perOperation<T>(make: (view: View) => T): (context: Pick<Context, 'view'>) => T {
  const made = new WeakMap<View, { readonly of: T }>();
  return ({ view }) => {
    const known = made.get(view) ?? { of: make(view) };
    made.set(view, known);
    return known.of;
  };
}
