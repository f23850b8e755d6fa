export { admitDemoPartners } from './admit-demo-partners.js';
export { admitOrganisation, admitOrganisations } from './admit-organisation.js';
export { readAdmitted } from './organisation.store.js';
export { rebuildProjection, resumeRebuild } from './rebuild-projection.js';
export { countEvents } from './rebuild.store.js';
export { verifyProjection } from './verify-projection.js';
