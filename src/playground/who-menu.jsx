import { ToolbarButton } from '@graphiql/react';
import { useEffect, useRef, useState } from 'react';
import { askParties, become, identity } from './who-asks';

/** A button that says who asks, and lets somebody else ask. */
export function WhoMenu({ url, who }) {
  const dialog = useRef(null);
  const [parties, setParties] = useState([]);
  const [entered, enter] = useState(identity());
  const mayLookAs = who?.roles.includes('ADMINISTRATOR') || entered.as !== '';
  const open = () => {
    dialog.current.showModal();
    if (mayLookAs) askParties(url).then(setParties);
  };
  // GraphiQL stops keys that it knows, also those that are typed here.
  useEffect(() => {
    const own = (event) => event.stopPropagation();
    const shown = dialog.current;
    shown.addEventListener('keydown', own);
    return () => shown.removeEventListener('keydown', own);
  }, []);
  return (
    <>
      <ToolbarButton label="Who asks" onClick={open}>
        {/* The name of the page, which says it too, is not on narrow screens. */}
        {who?.open ? <span className="word open">open</span> : <span className="word">who</span>}
      </ToolbarButton>
      <dialog ref={dialog} className="who" aria-label="Who asks">
        <form
          method="dialog"
          onSubmit={() => {
            become(entered, who !== undefined);
          }}
        >
          <p>{sentence(who)}</p>
          <label>
            Key or token
            <input
              type="password"
              autoComplete="off"
              value={entered.key}
              onChange={({ target }) => enter({ ...entered, key: target.value.trim() })}
            />
          </label>
          {mayLookAs && (
            <label>
              Look as
              <select
                value={entered.as}
                onChange={({ target }) => enter({ ...entered, as: target.value })}
              >
                <option value="">myself</option>
                {options(parties, entered.as).map(({ key, name }) => (
                  <option key={key} value={key}>
                    {name ?? key}
                  </option>
                ))}
              </select>
            </label>
          )}
          <p className="small">
            They are kept until this browser tab is closed, and sent with each request. Headers of
            the editor come before them.
          </p>
          <button type="submit">Use</button>
          <button type="button" onClick={() => dialog.current.close()}>
            Close
          </button>
        </form>
      </dialog>
    </>
  );
}

/** The parties that can be chosen. The one that is chosen is there before the list has come. */
function options(parties, chosen) {
  const known = parties.map(({ key, name }) => ({ key: key.replace(/^417\//, ''), name }));
  const isThere = chosen === '' || known.some(({ key }) => key === chosen);
  return isThere ? known : [{ key: chosen, name: null }, ...known];
}

function sentence(who) {
  if (who === undefined)
    return 'The service does not know you. Enter a key that its administrator gave you.';
  if (who.open) return 'This service is open: whoever can reach it may do everything.';
  const roles = who.roles.join(', ').toLowerCase();
  if (who.organisation === null) return `You ask for the host, as ${roles}.`;
  const name = who.organisation.name ?? who.organisation.key;
  return who.actor === null ? `You ask for ${name}.` : `You look as ${name} does.`;
}
