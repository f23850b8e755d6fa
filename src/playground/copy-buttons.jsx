import { ToolbarButton, pick, tryParseJSONC, useGraphiQL } from '@graphiql/react';
import { asCurl, asTypeScript } from './copy-as';
import { linkTo } from './permalink';

const SUBSCRIPTION_OF_CURL =
  'curl cannot follow a subscription. Nothing was copied. Copy it as TypeScript instead.';

/** Copies what the editors hold as a command, as a module, or as a link to this page. */
export function CopyButtons({ url, say }) {
  const { queryEditor, variableEditor, headerEditor, operationName } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'headerEditor', 'operationName'),
  );
  const contents = () => ({
    query: queryEditor.getValue(),
    operationName,
    variables: read('Variables', variableEditor),
    headers: read('Headers', headerEditor),
  });
  const copied = async (text, done) => {
    const good = await copy(text);
    say(good ? { text: done } : { text: 'The browser did not allow to copy.', wrong: true });
  };
  const trying = (action) => () => {
    try {
      action();
    } catch (error) {
      say({ text: `${error.message} Nothing was copied.`, wrong: true });
    }
  };

  const curl = () => {
    const text = asCurl(url, contents());
    if (text === undefined) say({ text: SUBSCRIPTION_OF_CURL, wrong: true });
    else copied(text, 'Copied as a curl command, with the headers of the editor.');
  };
  const typeScript = () =>
    copied(
      asTypeScript(url, contents()),
      'Copied as a TypeScript module, with the headers of the editor.',
    );
  const link = () =>
    copied(
      linkTo(url, { query: queryEditor.getValue(), variables: variableEditor.getValue() }),
      'Copied a link that opens this tab. The headers are not in it.',
    );

  return (
    <>
      <ToolbarButton label="Copy as curl" onClick={trying(curl)}>
        <span className="word">curl</span>
      </ToolbarButton>
      <ToolbarButton label="Copy as TypeScript" onClick={trying(typeScript)}>
        <span className="word">TS</span>
      </ToolbarButton>
      <ToolbarButton label="Copy link" onClick={trying(link)}>
        <svg className="graphiql-toolbar-icon" viewBox="0 0 24 24" aria-hidden="true">
          <path
            d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.6 1.7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.6-1.7"
            fill="none"
            stroke="currentColor"
            strokeWidth="2"
            strokeLinecap="round"
          />
        </svg>
      </ToolbarButton>
    </>
  );
}

/** The JSON of an editor, which GraphiQL reads with comments. Undefined when it is empty. */
function read(name, editor) {
  try {
    return tryParseJSONC(editor?.getValue());
  } catch (error) {
    throw new Error(`${name} ${error.message}`);
  }
}

/** Pages that are not opened over HTTPS or from this machine have no `navigator.clipboard`. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    document.body.append(field);
    field.select();
    const good = document.execCommand('copy');
    field.remove();
    return good;
  }
}
