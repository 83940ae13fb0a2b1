import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { AppModule, type Foundation, type Stages } from './app.module.js';
import { readConfig } from './config.js';
import { NEED } from './ops/access.guard.js';

/** What Nest writes on a method that is a route. */
const ROUTE = 'path';

interface Route {
  name: string;
  need: unknown;
}

function routes(): Route[] {
  const { controllers = [] } = AppModule.of({ config: readConfig({}) } as Foundation, {} as Stages);
  return controllers.flatMap((controller) => {
    const methods = Object.getOwnPropertyDescriptors(controller.prototype as object);
    return Object.entries(methods)
      .filter(([name, { value }]) => name !== 'constructor' && typeof value === 'function' && Reflect.hasMetadata(ROUTE, value as object))
      .map(([name, { value }]) => ({ name: `${controller.name}.${name}`, need: Reflect.getMetadata(NEED, value as object) as unknown }));
  });
}

describe('routes', () => {
  it('each say what they need of a key', () => {
    expect(routes().length).toBeGreaterThan(50);
    expect(routes().filter(({ need }) => need === undefined)).toEqual([]);
  });

  it('are open to everybody where they give nothing away, and nowhere else', () => {
    expect(
      routes()
        .filter(({ need }) => need === 'open')
        .map(({ name }) => name),
    ).toEqual([
      ...['home', 'live', 'ready'].map((name) => `OperationsController.${name}`),
      'AlertsController.schema',
      ...['read', 'signIn', 'signOut'].map((name) => `SessionController.${name}`),
    ]);
  });
});
