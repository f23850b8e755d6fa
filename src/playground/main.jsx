import 'graphiql/setup-workers/vite';
import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { defaultTabs, prepareFirstVisit } from './default-tabs';
import { createFetcher } from './fetcher';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';

// The page is served on the path of the API itself.
const fetcher = createFetcher(new URL(location.pathname, location.origin));
const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

prepareFirstVisit();
createRoot(document.getElementById('root')).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultTabs={defaultTabs}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
  >
    <GraphiQL.Logo>Custody Graph</GraphiQL.Logo>
  </GraphiQL>,
);
