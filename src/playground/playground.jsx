import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useRef, useState } from 'react';
import { CopyButtons } from './copy-buttons.jsx';
import { questionsToAskFirst } from './default-tabs';
import { createFetcher } from './fetcher';
import { WhoMenu } from './who-menu.jsx';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';

const plugins = [HISTORY_PLUGIN, explorerPlugin({ showAttribution: false })];

const WIDE = { fontSize: 15, folding: true, lineDecorationsWidth: 10 };
const NARROW = { fontSize: 13, folding: false, lineDecorationsWidth: 8 };

/** For the editor of variables, which else underlines the objects in a value of the scalar JSON. */
const scalars = { JSON: { type: ['object', 'array', 'string', 'number', 'boolean', 'null'] } };

const BROKEN_LINK =
  'This link is broken: a part of it is missing or changed. Ask for it again. Your own tabs are open.';

const NOT_KNOWN = 'This service asks for a key. Press "who" in the toolbar and enter yours.';

/** GraphiQL with our toolbar, docs that begin with the questions, and a layout for narrow screens. */
export function Playground({ url, brokenLink, who }) {
  const fetcher = useMemo(() => createFetcher(url, questionsToAskFirst()), [url]);
  const [notice, say] = useState(firstNotice(brokenLink, who));
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      customScalarSchemas={scalars}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>
        Custody Graph {who?.open && <span className="open">open to all</span>}
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, copy }) => (
          <>
            {prettify}
            {copy}
            <CopyButtons url={url} say={say} />
            <WhoMenu url={url} who={who} />
          </>
        )}
      </GraphiQL.Toolbar>
      <Adjustments />
      <Notice notice={notice} close={() => say(null)} />
    </GraphiQL>
  );
}

function firstNotice(brokenLink, who) {
  const text = brokenLink ? BROKEN_LINK : who === undefined ? NOT_KNOWN : null;
  return text && { text, wrong: true };
}

/** What GraphiQL has no setting for. */
function Adjustments() {
  const { setSchemaReference, setTheme } = useGraphiQLActions();
  const { schema, activeTabIndex, tabs, theme, ...editors } = useGraphiQL(
    pick(
      ...['schema', 'activeTabIndex', 'tabs', 'theme'],
      ...['queryEditor', 'variableEditor', 'headerEditor', 'responseEditor'],
    ),
  );

  // The docs open at the questions, and not one step before them.
  const opened = useRef(false);
  useEffect(() => {
    if (!schema || opened.current) return;
    opened.current = true;
    setSchemaReference({
      kind: 'NamedType',
      typeInfo: { schema, type: schema.getQueryType() },
    });
  }, [schema, setSchemaReference]);

  // Long lines wrap. A narrow screen has smaller letters and less beside them.
  const { queryEditor, variableEditor, headerEditor, responseEditor } = editors;
  useEffect(() => {
    const narrow = matchMedia('(max-width: 699.98px)');
    const adjust = () => {
      const options = { wordWrap: 'on', ...(narrow.matches ? NARROW : WIDE) };
      queryEditor?.updateOptions({ ...options, ariaLabel: 'Operation' });
      variableEditor?.updateOptions({ ...options, ariaLabel: 'Variables' });
      headerEditor?.updateOptions({ ...options, ariaLabel: 'Headers' });
      responseEditor?.updateOptions({ ...options, ariaLabel: 'Answer' });
    };
    adjust();
    narrow.addEventListener('change', adjust);
    return () => narrow.removeEventListener('change', adjust);
  }, [queryEditor, variableEditor, headerEditor, responseEditor]);

  // When the system turns dark, GraphiQL's page follows, but not its editors.
  useEffect(() => {
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => {
      if (theme === null) setTheme(null);
    };
    dark.addEventListener('change', follow);
    return () => dark.removeEventListener('change', follow);
  }, [theme, setTheme]);

  // There are more tabs than a screen is wide.
  useEffect(() => {
    document
      .getElementById(`graphiql-session-tab-${activeTabIndex}`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [activeTabIndex, tabs.length]);
  return null;
}

/** What was copied, or what went wrong. It stays until it is closed or another one comes. */
function Notice({ notice, close }) {
  return (
    <div className="notice" role={notice?.wrong ? 'alert' : 'status'} data-wrong={notice?.wrong}>
      {notice && (
        <>
          <span>{notice.text}</span>
          <button type="button" onClick={close} aria-label="Close this message">
            ×
          </button>
        </>
      )}
    </div>
  );
}
