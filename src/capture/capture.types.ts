import { Field, ID, Int, ObjectType, createUnionType, registerEnumType } from 'type-graphql';
import { NodeType } from '../graphql/node.types.js';
import { FAULT_CODES } from '../epcis/fault-codes.js';
import type { FaultCode } from '../epcis/fault-codes.js';
import type { Context } from '../graphql/context.js';
import { DateTime } from '../graphql/scalars.js';
import type { CaptureService } from './capture-service.js';

/** The context of a request, with what capturing needs. */
export interface CaptureContext extends Context {
  readonly capture: CaptureService;
}

export const ErrorBehaviourEnum = { ROLLBACK: 'ROLLBACK', PROCEED: 'PROCEED' } as const;
registerEnumType(ErrorBehaviourEnum, {
  name: 'CaptureErrorBehaviour',
  description: 'What happens to a document when some of its events are refused.',
  valuesConfig: {
    ROLLBACK: { description: 'Store nothing.' },
    PROCEED: { description: 'Store the valid events.' },
  },
});

const CaptureFaultCodeEnum = Object.fromEntries(FAULT_CODES.map((code) => [code, code]));
registerEnumType(CaptureFaultCodeEnum, {
  name: 'CaptureFaultCode',
  description: 'What kind of fault. Its `expected` and `remedy` say the rest in words.',
});

@ObjectType('CaptureFault', {
  simpleResolvers: true,
  description: 'One fault of a document, or one warning: something unusual that is accepted.',
})
export class CaptureFaultType {
  @Field(() => CaptureFaultCodeEnum, { description: 'What kind of fault.' })
  code!: FaultCode;
  @Field(() => String, { description: 'JSON Pointer to the place in the document.' })
  pointer!: string;
  @Field(() => String, { description: 'What is there.' })
  found!: string;
  @Field(() => String, { description: 'What should be there.' })
  expected!: string;
  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string;
  @Field(() => Int, {
    nullable: true,
    description: 'Line in the text, counted from 1. Only for XML.',
  })
  line?: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Column in the text, counted from 1. Only for XML.',
  })
  column?: number;
}

@ObjectType('CaptureAccepted', {
  simpleResolvers: true,
  description: 'The document is committed, or with PROCEED its valid events.',
})
export class CaptureAcceptedType {
  readonly __typename = 'CaptureAccepted';
  @Field(() => ID, { description: 'Id of the capture job, which is also at /epcis/capture/{id}.' })
  jobId!: string;
  @Field(() => Int, { description: 'Events and error declarations stored now.' })
  captured!: number;
  @Field(() => Int, { description: 'Events that were known before with the same content.' })
  repeated!: number;
  @Field(() => [ID], {
    description: 'Ids of the events in the order of the document, given by the sender or minted.',
  })
  eventIds!: readonly string[];
  @Field(() => [CaptureFaultType], { description: 'What was refused (PROCEED only).' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description: 'What is unusual but accepted: at most a hundred, then how many more there are.',
  })
  warnings!: readonly CaptureFaultType[];
}

@ObjectType('CaptureRejected', {
  simpleResolvers: true,
  description: 'Nothing of the document is stored. Every fault is listed.',
})
export class CaptureRejectedType {
  readonly __typename = 'CaptureRejected';
  @Field(() => [CaptureFaultType], { description: 'All faults, in the order of the document.' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description:
      'What is unusual but no reason to refuse: at most a hundred, then how many more there are.',
  })
  warnings!: readonly CaptureFaultType[];
}

export const CaptureResultUnion = createUnionType({
  name: 'CaptureResult',
  description: 'What became of a document.',
  types: () => [CaptureAcceptedType, CaptureRejectedType] as const,
});

@ObjectType('CaptureJob', {
  implements: NodeType,
  simpleResolvers: true,
  description: 'What became of one captured document.',
})
export class CaptureJobType {
  @Field(() => ID, { name: 'jobId', description: 'The id that the capture answered.' })
  id!: string;
  @Field(() => DateTime, { description: 'When the document was received.' })
  createdAt!: number;
  @Field(() => DateTime, { description: 'When it was committed.' })
  finishedAt!: number;
  @Field(() => Boolean, { description: 'Whether nothing was refused. Warnings do not count.' })
  success!: boolean;
  @Field(() => ErrorBehaviourEnum, { description: 'The behaviour that the sender asked for.' })
  errorBehaviour!: 'ROLLBACK' | 'PROCEED';
  @Field(() => Int, { description: 'Events and error declarations stored.' })
  captured!: number;
  @Field(() => Int, { description: 'Events that were known before.' })
  repeated!: number;
  @Field(() => [CaptureFaultType], { description: 'What was refused.' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description: 'What is unusual but accepted: at most a hundred, then how many more there are.',
  })
  warnings!: readonly CaptureFaultType[];
}
