/**
 * How an extension element of XML is written in JSON, so that nothing of it is lost and its event hash is that of the XML:
 *
 * - an element without attributes and children is its text: `<ext:a>x</ext:a>` is `"ext:a": "x"`, `<ext:a/>` is `""`; with
 *   `xsi:type` of a number or boolean it is that JSON value, with `xsi:nil="true"` it is `null`;
 * - any other is an object: children by `prefix:local` (by `local` where they have no namespace), an attribute under its name with
 *   {@link ATTRIBUTE} before it (`"@ext:unit"`, `"@unit"`), its text before the first child under {@link TEXT};
 * - siblings of one name are an array;
 * - where text stands between children, {@link CONTENT} holds texts and elements once more, in order, each element as an object of
 *   one field. The event hash passes it over. Deeper inside of such an element nothing comes twice again: its fields have no
 *   {@link CONTENT}, and what is in {@link CONTENT} has no fields beside its own.
 *
 * Where the JSON binding has attributes itself (sensorMetadata, sensorReport, and on an event, ilmd, errorDeclaration), an attribute
 * with a namespace is a plain `prefix:local` field, as in the GS1 examples.
 */
export const ATTRIBUTE = '@';

/** The text of an element that has attributes or children. */
export const TEXT = '#text';

/** Texts and elements in order, where they are mixed. */
export const CONTENT = '#content';
