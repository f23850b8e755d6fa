import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { JobChangeType } from '../feed/changes.types.js';
import { idArg } from '../graphql/identifier-arg.js';
import type { Context } from '../graphql/context.js';
import { Json } from '../graphql/scalars.js';
import { readCaptureJob } from './capture-job.read-model.js';
import { CaptureJobType, CaptureResultUnion, ErrorBehaviourEnum } from './capture.types.js';
import type { CaptureAcceptedType, CaptureContext, CaptureRejectedType } from './capture.types.js';

@Resolver()
export class CaptureResolver {
  @Mutation(() => CaptureResultUnion, {
    description:
      'Captures an EPCIS 2.0 document (EPCISDocument or EPCISQueryDocument as JSON) and answers after the commit.',
  })
  async captureEvents(
    @Arg('document', () => Json, { description: 'The document.' }) document: unknown,
    @Arg('errorBehaviour', () => ErrorBehaviourEnum, {
      defaultValue: 'ROLLBACK',
      description: 'What to do when some events are refused.',
    })
    errorBehaviour: 'ROLLBACK' | 'PROCEED',
    @Ctx() { capture, signal, view }: CaptureContext,
  ): Promise<CaptureAcceptedType | CaptureRejectedType> {
    const sending = { errorBehaviour, sender: view.principal };
    const outcome = await capture.captureDocument(document, { ...sending, signal });
    const { jobId, refused, faults, warnings, captured, repeated, eventIds } = outcome;
    if (jobId === null || refused) return { __typename: 'CaptureRejected', faults, warnings };
    return { __typename: 'CaptureAccepted', jobId, captured, repeated, eventIds, faults, warnings };
  }

  @Query(() => CaptureJobType, { nullable: true, description: 'A capture job by its id.' })
  captureJob(
    @Arg('id', () => ID, {
      description: 'The id that captureEvents or POST /epcis/capture answered.',
    })
    id: string,
    @Ctx() { view }: Context,
  ): Promise<CaptureJobType | null> {
    return readCaptureJob(view, idArg('id', id, 'CaptureJob'));
  }
}

@Resolver(() => JobChangeType)
export class JobChangeResolver {
  @FieldResolver(() => CaptureJobType, { nullable: true, description: 'The job.' })
  job(@Root() { jobId }: JobChangeType, @Ctx() { view }: Context): Promise<CaptureJobType | null> {
    return readCaptureJob(view, jobId);
  }
}
