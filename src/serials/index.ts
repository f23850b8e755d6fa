export { judgeSerials } from './judge-serials.js';
export { readNotAllocated } from './serial-exception.store.js';
export type { Commissioned } from './serial-exception.store.js';
