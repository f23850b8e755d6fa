import ts from 'typescript';

/** The text of a source file, made to add a line to a list when a test first calls a function of it: name and test, tab between. */
export function tellingReached(text: string, name: string, list: string): string {
  const source = ts.createSourceFile('rules.ts', text, ts.ScriptTarget.Latest, true);
  const added: (readonly [at: number, code: string])[] = [];
  const visit = (node: ts.Node): void => {
    const body = ts.isFunctionLike(node) && 'body' in node ? node.body : undefined;
    if (body !== undefined && ts.isBlock(body)) added.push([body.getStart() + 1, '$reached();']);
    else if (body !== undefined)
      added.push([body.getStart(), '($reached(), '], [body.getEnd(), ')']);
    ts.forEachChild(node, visit);
  };
  visit(source);
  let telling = text;
  for (const [at, code] of added.sort(([a], [b]) => b - a))
    telling = telling.slice(0, at) + code + telling.slice(at);
  return `import { appendFileSync as $append } from 'node:fs';
    var $told;
    function $reached() {
      if ($told) return;
      $told = true;
      $append(${JSON.stringify(list)}, ${JSON.stringify(`${name}\t`)} + expect.getState().testPath + '\\n');
    }
    ${telling}`;
}
