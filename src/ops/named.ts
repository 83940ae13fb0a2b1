/** Schemas under the names that the OpenAPI document, and the client made from it, have for them. */
import { z } from 'zod';

/** @param id unique among all schemas; a second one of the same name would take its place in the document */
export function named<Shape extends z.ZodRawShape>(id: string, shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape).meta({ id });
}
