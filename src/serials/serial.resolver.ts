import { Arg, Args, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs, toConnection } from '../graphql/connection.types.js';
import type { Connection } from '../graphql/connection.types.js';
import type { Context } from '../graphql/context.js';
import { idArg, identifierArg, keyArg } from '../graphql/identifier-arg.js';
import { pageRequest } from '../shared/page.js';
import { allocateSerials } from './allocate-serials.js';
import { findSerialStatus } from './find-serial-status.js';
import { handOut } from './hand-out.js';
import { ALLOCATION_SHAPE, listAllocations, readAllocation } from './serial.read-model.js';
import {
  AllocateSerialsInput,
  AllocateSerialsResultType,
  SerialAllocationConnectionType,
  SerialAllocationType,
  SerialStatusType,
} from './serial.types.js';
import type { SerialsAllocatedType, SerialsRefusedType } from './serial.types.js';
import type { SerialAllocation, SerialStatus } from './serials.js';
import { append } from '../shared/append.js';

/** One answer must hold all of them. */
const MAX_COUNT = 10_000;

@Resolver()
export class SerialResolver {
  @Mutation(() => AllocateSerialsResultType, {
    description:
      'Allocates up to 10,000 random serials of a product. No serial is given out twice, is already in use, or can be guessed. It is stored who got them.',
  })
  async allocateSerials(
    @Arg('input', () => AllocateSerialsInput, { description: 'Which serials, and for whom.' })
    input: AllocateSerialsInput,
    @Ctx() { view, clock }: Context,
  ): Promise<SerialsAllocatedType | SerialsRefusedType> {
    const deps = { view, clock };
    const { count, alphabet, length, allocatedTo, requestedBy, note } = input;
    const gtin = gtinArg('input.gtin', input.gtin);
    const request = { gtin, count, alphabet, length, allocatedTo, requestedBy, note };
    const outcome = await allocateSerials(deps, request, MAX_COUNT);
    if (!outcome.ok) {
      const { code, ...refusal } = outcome.refusal;
      return { __typename: 'SerialsRefused', reason: code, ...refusal };
    }
    const { allocation } = outcome;
    const serials: string[] = [];
    for await (const some of handOut(deps, allocation)) append(serials, some);
    return { __typename: 'SerialsAllocated', allocation, serials };
  }

  @Query(() => SerialAllocationConnectionType, {
    description: 'The allocations of serials of a product, newest first.',
  })
  async serialAllocations(
    @Arg('gtin', () => ID, { description: 'GTIN of the product, in any form.' }) gtin: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() { view }: Context,
  ): Promise<Connection<SerialAllocation>> {
    const request = pageRequest(page, ALLOCATION_SHAPE);
    return toConnection(await listAllocations(view, gtinArg('gtin', gtin), request));
  }

  @Query(() => SerialAllocationType, {
    nullable: true,
    description: 'The allocation with this id, or null.',
  })
  serialAllocation(
    @Arg('id', () => ID, { description: 'The id of the allocation.' }) id: string,
    @Ctx() { view }: Context,
  ): Promise<SerialAllocation | null> {
    return readAllocation(view, idArg('id', id, 'SerialAllocation'));
  }

  @Query(() => SerialStatusType, {
    description: 'Tells who got a serial of a product, and if it was commissioned.',
  })
  serialStatus(
    @Arg('gtin', () => ID, { description: 'GTIN of the product, in any form.' }) gtin: string,
    @Arg('serial', () => String, { description: 'The serial, as in AI 21.' }) serial: string,
    @Ctx() { view }: Context,
  ): Promise<SerialStatus> {
    const product = gtinArg('gtin', gtin);
    const key = identifierArg('serial', `01/${product}/21/${serial}`, 'package').key;
    return findSerialStatus(view, product, key.slice(`01/${product}/21/`.length));
  }
}

function gtinArg(argument: string, text: string): string {
  return keyArg(argument, text, 'product').slice(3);
}
