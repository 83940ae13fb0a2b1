/** Answers `Accept: text/csv` with a table (RFC 4180) instead of JSON. */
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';

export type Row = Record<string, string | number | null>;

@Injectable()
export class CsvInterceptor<Answer> implements NestInterceptor<Answer, Answer | string> {
  /** @param toRows the answer as a table; all rows have the same columns in the same order */
  constructor(private readonly toRows: (answer: Answer) => Row[]) {}

  intercept(context: ExecutionContext, next: CallHandler<Answer>): Observable<Answer | string> {
    const http = context.switchToHttp();
    // JSON unless text/csv is asked for by name: */* and nothing at all mean JSON.
    if (http.getRequest<Request>().accepts(['application/json', 'text/csv']) !== 'text/csv') return next.handle();
    http.getResponse<Response>().type('text/csv; charset=utf-8');
    return next.handle().pipe(map((answer) => toCsv(this.toRows(answer))));
  }
}

function toCsv(rows: readonly Row[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  return [Object.keys(first), ...rows.map((row) => Object.values(row))].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('');
}

/** Text from the outside that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236). */
function cellOf(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  const text = value === null ? '' : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
