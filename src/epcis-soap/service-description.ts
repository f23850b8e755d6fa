import { XML_NAMESPACES } from '../epcis/xml/layout.js';
import type { XmlVersion } from '../epcis/xml/write-event.js';
import { attribute } from '../epcis/xml/write-text.js';
import { EPCIS_EXCEPTIONS } from './epcis-exception.js';
import type { EpcisExceptionName } from './epcis-exception.js';

/** An operation: the elements of its request and response, and its exceptions besides those that every operation may throw. */
interface Operation {
  readonly name: string;
  readonly request: string;
  readonly response: string;
  readonly throws: readonly EpcisExceptionName[];
}

const ALWAYS: readonly EpcisExceptionName[] = [
  'SecurityException',
  'ValidationException',
  'ImplementationException',
];

const OPERATIONS: readonly Operation[] = [
  operation('getQueryNames'),
  operation('subscribe', [
    'NoSuchNameException',
    'InvalidURIException',
    'DuplicateSubscriptionException',
    'QueryParameterException',
    'QueryTooComplexException',
    'SubscriptionControlsException',
    'SubscribeNotPermittedException',
  ]),
  operation('unsubscribe', ['NoSuchSubscriptionException']),
  operation('getSubscriptionIDs', ['NoSuchNameException']),
  {
    ...operation('poll', [
      'QueryParameterException',
      'QueryTooLargeException',
      'QueryTooComplexException',
      'NoSuchNameException',
    ]),
    response: 'QueryResults',
  },
  operation('getStandardVersion'),
  operation('getVendorVersion'),
];

function operation(name: string, throws: readonly EpcisExceptionName[] = []): Operation {
  const element = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    name,
    request: element,
    response: `${element}Result`,
    throws: [...throws, ...ALWAYS],
  };
}

/**
 * The service in WSDL 1.1: document/literal, bound to SOAP 1.1 and 1.2. The types of the query control interface are described. Events and
 * vocabularies, which EPCIS describes, may be any element.
 *
 * @param location URL of the service
 */
export function serviceDescription(location: string, version: XmlVersion): string {
  const wsdl = `urn:epcglobal:epcis:wsdl:${version === '1.2' ? '1' : '2'}`;
  const query = XML_NAMESPACES.query[version];
  const namespaces = {
    wsdl: 'http://schemas.xmlsoap.org/wsdl/',
    soap11: 'http://schemas.xmlsoap.org/wsdl/soap/',
    soap12: 'http://schemas.xmlsoap.org/wsdl/soap12/',
    xsd: XML_NAMESPACES.schema,
    epcisq: query,
    tns: wsdl,
  };
  const declared = Object.entries(namespaces).map(([prefix, uri]) =>
    attribute(`xmlns:${prefix}`, uri),
  );
  const at = attribute('location', location);
  const ports = (['11', '12'] as const).map(
    (soap) =>
      `<wsdl:port name="EPCISServiceSoap${soap}Port" binding="tns:EPCISServiceSoap${soap}Binding"><soap${soap}:address${at}/></wsdl:port>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="EPCISService" targetNamespace="${wsdl}"${declared.join('')}>
<wsdl:types>${typesXml(query)}</wsdl:types>
${messagesXml()}
<wsdl:portType name="EPCISServicePortType">${OPERATIONS.map(portOperation).join('\n')}</wsdl:portType>
${bindingXml('11')}
${bindingXml('12')}
<wsdl:service name="EPCISService">${ports.join('')}</wsdl:service>
</wsdl:definitions>
`;
}

function messagesXml(): string {
  const message = (name: string, part: string, element: string): string =>
    `<wsdl:message name="${name}"><wsdl:part name="${part}" element="epcisq:${element}"/></wsdl:message>`;
  return [
    ...OPERATIONS.flatMap(({ name, request, response }) => [
      message(`${name}Request`, 'parms', request),
      message(`${name}Response`, `${name}Return`, response),
    ]),
    ...EPCIS_EXCEPTIONS.map((name) => message(`${name}Response`, 'fault', name)),
  ].join('\n');
}

function portOperation({ name, throws }: Operation): string {
  const faults = throws.map(
    (one) => `<wsdl:fault name="${one}Fault" message="tns:${one}Response"/>`,
  );
  return `<wsdl:operation name="${name}"><wsdl:input message="tns:${name}Request"/><wsdl:output message="tns:${name}Response"/>${faults.join('')}</wsdl:operation>`;
}

function bindingXml(soap: '11' | '12'): string {
  const body = `<soap${soap}:body use="literal"/>`;
  const operations = OPERATIONS.map(({ name, throws }) => {
    const faults = throws.map(
      (one) =>
        `<wsdl:fault name="${one}Fault"><soap${soap}:fault name="${one}Fault" use="literal"/></wsdl:fault>`,
    );
    return `<wsdl:operation name="${name}"><soap${soap}:operation soapAction=""/><wsdl:input>${body}</wsdl:input><wsdl:output>${body}</wsdl:output>${faults.join('')}</wsdl:operation>`;
  });
  return `<wsdl:binding name="EPCISServiceSoap${soap}Binding" type="tns:EPCISServicePortType"><soap${soap}:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
${operations.join('\n')}</wsdl:binding>`;
}

/** Fields in order: name and type; `?` marks an optional field. */
type Field = readonly [name: string, type: string, optional?: '?'];

const TEXT = 'xsd:string';
const QUERY: readonly Field[] = [
  ['queryName', TEXT],
  ['params', 'epcisq:QueryParams'],
];

const TYPES: Readonly<Record<string, readonly Field[]>> = {
  VoidHolder: [],
  Subscribe: [
    ...QUERY,
    ['dest', 'xsd:anyURI'],
    ['controls', 'epcisq:SubscriptionControls'],
    ['subscriptionID', TEXT],
  ],
  SubscriptionControls: [
    ['schedule', 'epcisq:QuerySchedule', '?'],
    ['trigger', 'xsd:anyURI', '?'],
    ['initialRecordTime', 'xsd:dateTime', '?'],
    ['reportIfEmpty', 'xsd:boolean'],
  ],
  QuerySchedule: ['second', 'minute', 'hour', 'dayOfMonth', 'month', 'dayOfWeek'].map(
    (name): Field => [name, TEXT, '?'],
  ),
  Unsubscribe: [['subscriptionID', TEXT]],
  GetSubscriptionIDs: [['queryName', TEXT]],
  Poll: QUERY,
  QueryParam: [
    ['name', TEXT],
    ['value', 'xsd:anyType'],
  ],
  EPCISException: [['reason', TEXT]],
  QueryTooLargeException: [
    ['reason', TEXT],
    ['queryName', TEXT, '?'],
    ['subscriptionID', TEXT, '?'],
  ],
  ImplementationException: [
    ['reason', TEXT],
    ['severity', 'xsd:NCName'],
    ['queryName', TEXT, '?'],
    ['subscriptionID', TEXT, '?'],
  ],
};

const ELEMENTS: Readonly<Record<string, string>> = {
  GetQueryNames: 'epcisq:VoidHolder',
  GetQueryNamesResult: 'epcisq:ArrayOfString',
  Subscribe: 'epcisq:Subscribe',
  SubscribeResult: 'epcisq:VoidHolder',
  Unsubscribe: 'epcisq:Unsubscribe',
  UnsubscribeResult: 'epcisq:VoidHolder',
  GetSubscriptionIDs: 'epcisq:GetSubscriptionIDs',
  GetSubscriptionIDsResult: 'epcisq:ArrayOfString',
  Poll: 'epcisq:Poll',
  GetStandardVersion: 'epcisq:VoidHolder',
  GetStandardVersionResult: TEXT,
  GetVendorVersion: 'epcisq:VoidHolder',
  GetVendorVersionResult: TEXT,
  QueryResults: 'epcisq:QueryResults',
  ...Object.fromEntries(
    EPCIS_EXCEPTIONS.map((name) => [
      name,
      `epcisq:${Object.hasOwn(TYPES, name) ? name : 'EPCISException'}`,
    ]),
  ),
};

function typesXml(query: string): string {
  const types = Object.entries(TYPES).map(([name, fields]) => typeXml(name, fields.map(fieldXml)));
  const any = '<xsd:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>';
  const results = [
    fieldXml(['queryName', TEXT]),
    fieldXml(['subscriptionID', TEXT, '?']),
    `<xsd:element name="resultsBody"><xsd:complexType><xsd:sequence>${any}</xsd:sequence></xsd:complexType></xsd:element>`,
    '<xsd:any namespace="##other" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>',
  ];
  const elements = Object.entries(ELEMENTS).map(
    ([name, type]) => `<xsd:element name="${name}" type="${type}"/>`,
  );
  return `<xsd:schema targetNamespace="${query}" elementFormDefault="unqualified">
${[
  ...types,
  typeXml('ArrayOfString', [many('string', TEXT)]),
  typeXml('QueryParams', [many('param', 'epcisq:QueryParam')]),
  typeXml('QueryResults', results),
  ...elements,
].join('\n')}
</xsd:schema>`;
}

function typeXml(name: string, inside: readonly string[]): string {
  return `<xsd:complexType name="${name}"><xsd:sequence>${inside.join('')}</xsd:sequence></xsd:complexType>`;
}

function fieldXml([name, type, optional]: Field): string {
  return `<xsd:element name="${name}" type="${type}"${optional === '?' ? ' minOccurs="0"' : ''}/>`;
}

function many(name: string, type: string): string {
  return `<xsd:element name="${name}" type="${type}" minOccurs="0" maxOccurs="unbounded"/>`;
}
