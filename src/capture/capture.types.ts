import { Field, ID, Int, ObjectType, createUnionType, registerEnumType } from 'type-graphql';
import type { Context } from '../graphql/context.js';
import { DateTime } from '../graphql/scalars.js';
import type { CaptureService } from './capture-service.js';

/** What capturing needs besides. */
export interface CaptureContext extends Context {
  readonly capture: CaptureService;
}

export const ErrorBehaviourEnum = { ROLLBACK: 'ROLLBACK', PROCEED: 'PROCEED' } as const;
registerEnumType(ErrorBehaviourEnum, {
  name: 'CaptureErrorBehaviour',
  description: 'What to do with a document in which some events are refused.',
  valuesConfig: {
    ROLLBACK: { description: 'Store nothing.' },
    PROCEED: { description: 'Store the events that are good.' },
  },
});

@ObjectType('CaptureFault', {
  simpleResolvers: true,
  description: 'One fault of a document, or a warning: one thing that is strange and yet taken.',
})
export class CaptureFaultType {
  @Field(() => String, { description: 'What kind of fault.' })
  code!: string;
  @Field(() => String, { description: 'JSON Pointer to it in the document.' })
  pointer!: string;
  @Field(() => String, { description: 'What is there.' })
  found!: string;
  @Field(() => String, { description: 'What should be there.' })
  expected!: string;
  @Field(() => String, { description: 'What to do about it.' })
  remedy!: string;
  @Field(() => Int, { nullable: true, description: 'Line in the text, from 1; XML only.' })
  line?: number;
  @Field(() => Int, { nullable: true, description: 'Column in the text, from 1; XML only.' })
  column?: number;
}

@ObjectType('CaptureAccepted', {
  simpleResolvers: true,
  description: 'The document, or with PROCEED what is good of it, is committed.',
})
export class CaptureAcceptedType {
  readonly __typename = 'CaptureAccepted';
  @Field(() => ID, { description: 'The capture job; also at /epcis/capture/{id}.' })
  jobId!: string;
  @Field(() => Int, { description: 'Events and error declarations stored now.' })
  captured!: number;
  @Field(() => Int, { description: 'Events known before, with the same content.' })
  repeated!: number;
  @Field(() => [ID], {
    description: 'Ids of the events, given or minted, in the order of the document.',
  })
  eventIds!: readonly string[];
  @Field(() => [CaptureFaultType], { description: 'What was refused (PROCEED only).' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description: 'What was strange and yet taken: at most a hundred, then how many more.',
  })
  warnings!: readonly CaptureFaultType[];
}

@ObjectType('CaptureRejected', {
  simpleResolvers: true,
  description: 'Nothing of the document is stored; every fault is listed.',
})
export class CaptureRejectedType {
  readonly __typename = 'CaptureRejected';
  @Field(() => [CaptureFaultType], { description: 'All faults, in the order of the document.' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description:
      'What was strange, though no reason to refuse: at most a hundred, then how many more.',
  })
  warnings!: readonly CaptureFaultType[];
}

export const CaptureResultUnion = createUnionType({
  name: 'CaptureResult',
  description: 'What became of a document.',
  types: () => [CaptureAcceptedType, CaptureRejectedType] as const,
});

@ObjectType('CaptureJob', {
  simpleResolvers: true,
  description: 'What became of one captured document.',
})
export class CaptureJobType {
  @Field(() => ID, { description: 'The id given with the capture.' })
  id!: string;
  @Field(() => DateTime, { description: 'When the document came.' })
  createdAt!: number;
  @Field(() => DateTime, { description: 'When it was committed.' })
  finishedAt!: number;
  @Field(() => Boolean, { description: 'Whether nothing was refused; warnings do not count.' })
  success!: boolean;
  @Field(() => ErrorBehaviourEnum, { description: 'As the sender asked.' })
  errorBehaviour!: 'ROLLBACK' | 'PROCEED';
  @Field(() => Int, { description: 'Events and error declarations stored.' })
  captured!: number;
  @Field(() => Int, { description: 'Events known before.' })
  repeated!: number;
  @Field(() => [CaptureFaultType], { description: 'What was refused.' })
  faults!: readonly CaptureFaultType[];
  @Field(() => [CaptureFaultType], {
    description: 'What was strange and yet taken: at most a hundred, then how many more.',
  })
  warnings!: readonly CaptureFaultType[];
}
