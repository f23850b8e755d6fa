import 'graphiql/setup-workers/vite';
import { createRoot } from 'react-dom/client';
import { readLink } from './permalink';
import { prepareTabs } from './first-visit';
import { Playground } from './playground.jsx';
import { askWho } from './who-asks';

// The page is served on the path of the API itself.
const url = new URL(location.pathname, location.origin);

// A link is opened once. Without its fragment, a reload shows the tabs as the user left them.
const link = readLink(location.hash);
if (link !== 'none') history.replaceState(null, '', url);
addEventListener('hashchange', () => location.reload());

const who = await askWho(url);
await prepareTabs(url, typeof link === 'object' ? link : undefined);
createRoot(document.getElementById('root')).render(
  <Playground url={url} brokenLink={link === 'broken'} who={who} />,
);
