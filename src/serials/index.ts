export { judgeSerials } from './judge-serials.js';
