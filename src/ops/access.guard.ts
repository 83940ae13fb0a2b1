/**
 * The guard of all routes that Nest knows, and what routes say to it: `@Needs(…)` or `@Open()`. One that says nothing is
 * refused to everybody. `@ProjectId()` and `@Granted()` give a handler whose request it serves.
 */
import { applyDecorators, createParamDecorator, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Scope } from '../core/api-key.js';
import { askingOf, type Access, type Denial, type Grant, type Need } from './access.js';
import { ProblemError } from './problem.js';

/** Metadata of a route: a Need, or OPEN. */
export const NEED = 'why401:need';
const OPEN = 'open';

/** @param scopes one of them is enough */
export function Needs(...scopes: Scope[]): MethodDecorator {
  return needing({ scopes });
}

/** What concerns the whole service, not a project. */
export function NeedsOperator(scope: Scope): MethodDecorator {
  return needing({ scopes: [scope], isOperator: true });
}

/** For everybody. */
export function Open(): MethodDecorator {
  return SetMetadata(NEED, OPEN);
}

function needing(need: Need): MethodDecorator {
  return applyDecorators(SetMetadata(NEED, need), ApiSecurity('key', [...need.scopes]), ApiSecurity('session', [...need.scopes]));
}

interface Granting {
  why401Grant?: Grant;
}

/** Whose request it is. */
export const Granted = createParamDecorator((_: unknown, context: ExecutionContext): Grant => grantOf(context));

/** Of which project everything is that the request asks for or changes. */
export const ProjectId = createParamDecorator((_: unknown, context: ExecutionContext): number => grantOf(context).projectId);

function grantOf(context: ExecutionContext): Grant {
  const { why401Grant: grant } = context.switchToHttp().getRequest<Granting>();
  if (grant === undefined) throw new Error('cannot tell whose request it is: the route is open to everybody');
  return grant;
}

export class AccessGuard implements CanActivate {
  constructor(private readonly access: Access) {}

  /** @throws ProblemError with the answer to a request that is refused */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need = Reflect.getMetadata(NEED, context.getHandler()) as Need | typeof OPEN | undefined;
    if (need === OPEN) return true;
    if (need === undefined) throw new Error(`cannot let anybody call ${context.getHandler().name}: it does not say what it needs`);
    const request = context.switchToHttp().getRequest<Request & Granting>();
    const { path = '' } = request.route as { path?: string };
    const admission = await this.access.admit(askingOf(request, path.replace(/:(\w+)/g, '{$1}')), need);
    if ('denial' in admission) throw problemOfDenial(admission.denial);
    request.why401Grant = admission.grant;
    return true;
  }
}

export function problemOfDenial({ status, detail, headers }: Denial): ProblemError {
  return new ProblemError(status, detail, undefined, headers);
}
