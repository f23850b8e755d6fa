/**
 * How JSON represents an extension element of XML without losing anything or changing its event
 * hash:
 *
 * - An element without attributes and children is its text: `<ext:a>x</ext:a>` is `"ext:a": "x"`,
 *   `<ext:a/>` is `""`. With `xsi:type` of a number or boolean it is that JSON value; with
 *   `xsi:nil="true"` it is `null`.
 * - Any other element is an object. Children are under `prefix:local` (`local` if they have no
 *   namespace), an attribute under its name after {@link ATTRIBUTE} (`"@ext:unit"`, `"@unit"`), the
 *   text before the first child under {@link TEXT}.
 * - Siblings with the same name are an array.
 * - If text is between children, {@link CONTENT} has all texts and elements again, in order, each
 *   element as an object with one field. The event hash ignores it. Deeper levels are not doubled
 *   again: inside fields there is no {@link CONTENT}, inside {@link CONTENT} there are no fields.
 *
 * Where the JSON binding itself has attributes (sensorMetadata, sensorReport, and on an event,
 * ilmd, errorDeclaration), an attribute with a namespace is a plain `prefix:local` field, as in the
 * GS1 examples.
 */
export const ATTRIBUTE = '@';

/** The text of an element that has attributes or children. */
export const TEXT = '#text';

/** Texts and elements in order, if they are mixed. */
export const CONTENT = '#content';
