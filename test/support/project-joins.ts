/**
 * Reads a statement by PostgreSQL's own grammar and says which tables of projects it touches, and whether it stays within a project:
 * columns that it equates are one, and so are a parameter and what is equated with it. Only what must hold for every row counts: the
 * parts of a condition that AND joins, and join conditions.
 */
import { parse, type Node, type RangeVar, type SelectStmt, type WithClause } from 'libpg-query';

export interface Examined {
  /** Tables of projects, by name. */
  tables: string[];
  /** Tables of no project. */
  others: string[];
  /** Whether the projects of all of them are the same one. */
  isJoinedByProject: boolean;
  /** Whether that is a value that the statement was given; rows that are added bring theirs along. */
  isOfOneProject: boolean;
  /** Whether rows are locked as they are read. */
  isLocking: boolean;
  /** Functions that are called to say what rows become. */
  calls: Call[];
}

interface Call {
  name: string;
  /** In ON CONFLICT; in SET; in CASE or coalesce() there. */
  within: 'conflict' | 'update' | 'choice';
}

/** Columns of each table, by name. */
export type Schema = ReadonlyMap<string, readonly string[]>;

/** A value that rows have, or the statement was given. */
class Value {
  private same: Value | undefined;
  constructor(public isGiven = false) {}

  root(): Value {
    return this.same?.root() ?? this;
  }

  equate(other: Value): void {
    const [one, two] = [this.root(), other.root()];
    if (one === two) return;
    two.isGiven ||= one.isGiven;
    one.same = two;
  }
}

/** What stands in FROM, or what a query answers: values by the names of columns. */
type Columns = Map<string, Value>;

interface Scope {
  relations: Map<string, Columns>;
  queries: Map<string, Columns>;
  outer: Scope | undefined;
}

export async function examine(sql: string, schema: Schema): Promise<Examined> {
  const { stmts = [] } = await parse(sql);
  const examination = new Examination(schema);
  for (const { stmt } of stmts) if (stmt !== undefined) examination.query(stmt, undefined);
  return examination.result();
}

class Examination {
  private readonly read: { table: string; project: Value }[] = [];
  private readonly added: { table: string; project: Value }[] = [];
  private readonly parameters = new Map<number, Value>();
  private readonly others = new Set<string>();
  private readonly calls: Call[] = [];
  private isLocking = false;

  constructor(private readonly schema: Schema) {}

  result(): Examined {
    const all = [...this.read, ...this.added];
    const roots = new Set(all.map(({ project }) => project.root()));
    return {
      tables: [...new Set(all.map(({ table }) => table))].sort(),
      others: [...this.others].sort(),
      isJoinedByProject: this.read.length === 0 || roots.size <= 1,
      isOfOneProject: this.read.every(({ project }) => project.root().isGiven),
      isLocking: this.isLocking,
      calls: this.calls,
    };
  }

  /** @returns what it answers */
  query(node: Node, outer: Scope | undefined): Columns {
    if ('SelectStmt' in node) return this.select(node.SelectStmt, outer);
    const scope: Scope = { relations: new Map(), queries: new Map(), outer };
    if ('InsertStmt' in node) {
      const { relation, cols = [], selectStmt, onConflictClause, returningClause, withClause } = node.InsertStmt;
      this.queries(withClause, scope);
      const values = selectStmt === undefined ? [] : [...this.query(selectStmt, scope).values()];
      const own = this.table(relation, scope, this.added);
      cols.forEach((column, at) => {
        if ('ResTarget' in column) own.get(column.ResTarget.name ?? '')?.equate(values[at] ?? new Value());
      });
      scope.relations.set('excluded', own);
      this.callsIn(onConflictClause, 'conflict');
      this.inside([onConflictClause, returningClause], scope);
      return this.answers(returningClause?.exprs, scope);
    }
    if ('UpdateStmt' in node || 'DeleteStmt' in node) {
      const { relation, whereClause, returningClause, withClause } = 'UpdateStmt' in node ? node.UpdateStmt : node.DeleteStmt;
      this.queries(withClause, scope);
      this.table(relation, scope, this.read);
      const others = 'UpdateStmt' in node ? node.UpdateStmt.fromClause : node.DeleteStmt.usingClause;
      for (const other of others ?? []) this.from(other, scope);
      this.holds(whereClause, scope);
      const targets = 'UpdateStmt' in node ? node.UpdateStmt.targetList : undefined;
      this.callsIn(targets, 'update');
      this.inside([targets, whereClause, returningClause], scope);
      return this.answers(returningClause?.exprs, scope);
    }
    // Nothing else that is sent while the service runs reads or writes rows.
    return new Map();
  }

  private select(statement: SelectStmt, outer: Scope | undefined): Columns {
    const scope: Scope = { relations: new Map(), queries: new Map(), outer };
    this.queries(statement.withClause, scope);
    if (statement.larg !== undefined && statement.rarg !== undefined) {
      const [left, right] = [this.select(statement.larg, scope), this.select(statement.rarg, scope)];
      const others = [...right.values()];
      [...left.values()].forEach((value, at) => {
        value.equate(others[at] ?? new Value());
      });
      return left;
    }
    if (statement.valuesLists !== undefined) {
      const [first] = statement.valuesLists;
      const items = first !== undefined && 'List' in first ? (first.List.items ?? []) : [];
      return new Map(items.map((item, at) => [`column${String(at + 1)}`, this.valueOf(item, scope)]));
    }
    for (const one of statement.fromClause ?? []) this.from(one, scope);
    this.isLocking ||= statement.lockingClause !== undefined;
    this.holds(statement.whereClause, scope);
    const { targetList, whereClause, havingClause, sortClause, groupClause, limitCount } = statement;
    this.inside([targetList, whereClause, havingClause, sortClause, groupClause, limitCount], scope);
    return this.answers(targetList, scope);
  }

  private queries(clause: WithClause | undefined, scope: Scope): void {
    for (const node of clause?.ctes ?? []) {
      if (!('CommonTableExpr' in node) || node.CommonTableExpr.ctequery === undefined) continue;
      scope.queries.set(node.CommonTableExpr.ctename ?? '', this.query(node.CommonTableExpr.ctequery, scope));
    }
  }

  private from(node: Node, scope: Scope): void {
    if ('RangeVar' in node) this.table(node.RangeVar, scope, this.read);
    else if ('RangeSubselect' in node && node.RangeSubselect.subquery !== undefined) {
      const { subquery, alias } = node.RangeSubselect;
      // Also without LATERAL: PostgreSQL would have refused it otherwise.
      scope.relations.set(alias?.aliasname ?? '', this.query(subquery, scope));
    } else if ('RangeFunction' in node) {
      const { alias, coldeflist = [] } = node.RangeFunction;
      const defined = coldeflist.map((column) => ('ColumnDef' in column ? (column.ColumnDef.colname ?? '') : ''));
      const names = [...(alias?.colnames ?? []).map(textOf), ...defined, alias?.aliasname ?? ''];
      scope.relations.set(alias?.aliasname ?? '', new Map(names.map((name) => [name, new Value()])));
    } else if ('JoinExpr' in node) {
      const { larg, rarg, quals, usingClause = [] } = node.JoinExpr;
      const before = new Set(scope.relations.keys());
      if (larg !== undefined) this.from(larg, scope);
      const left = [...scope.relations].filter(([name]) => !before.has(name)).map(([, columns]) => columns);
      if (rarg !== undefined) this.from(rarg, scope);
      const right = [...scope.relations].filter(([, columns]) => !left.includes(columns)).map(([, columns]) => columns);
      for (const name of usingClause.map(textOf)) columnIn(left, name)?.equate(columnIn(right, name) ?? new Value());
      this.holds(quals, scope);
      this.inside([quals], scope);
    } else throw new Error(`cannot read what stands in FROM: ${JSON.stringify(node)}`);
  }

  /** A table, or a query that WITH names. */
  private table(relation: RangeVar | undefined, scope: Scope, into: { table: string; project: Value }[]): Columns {
    const name = relation?.relname ?? '';
    const named = queryNamed(name, scope);
    const columns = named ?? new Map((this.schema.get(name) ?? []).map((column) => [column, new Value()]));
    const project = columns.get('project_id');
    if (named === undefined && project !== undefined) into.push({ table: name, project });
    else if (this.schema.has(name)) this.others.add(name);
    scope.relations.set(relation?.alias?.aliasname ?? name, columns);
    return columns;
  }

  /** Equates what a condition equates. */
  private holds(node: Node | undefined, scope: Scope): void {
    if (node === undefined) return;
    if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') for (const one of node.BoolExpr.args ?? []) this.holds(one, scope);
    if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || textOf(node.A_Expr.name?.[0]) !== '=') return;
    const [left, right] = [partsOf(node.A_Expr.lexpr), partsOf(node.A_Expr.rexpr)];
    left.forEach((one, at) => {
      this.valueOf(one, scope).equate(this.valueOf(right[at], scope));
    });
  }

  private answers(targets: readonly Node[] | undefined, scope: Scope): Columns {
    const columns: Columns = new Map();
    for (const target of targets ?? []) {
      if (!('ResTarget' in target)) continue;
      const { name, val } = target.ResTarget;
      const fields = val !== undefined && 'ColumnRef' in val ? (val.ColumnRef.fields ?? []) : [];
      const last = fields.at(-1);
      if (last !== undefined && 'A_Star' in last) {
        for (const [relation, all] of scope.relations)
          if (fields.length === 1 || relation === textOf(fields[0])) for (const [column, value] of all) columns.set(column, value);
      } else columns.set(name ?? (textOf(last) || `column ${String(columns.size)}`), this.valueOf(val, scope));
    }
    return columns;
  }

  private valueOf(node: Node | undefined, scope: Scope): Value {
    if (node === undefined) return new Value();
    if ('TypeCast' in node) return this.valueOf(node.TypeCast.arg, scope);
    if ('A_Const' in node) return new Value(true);
    if ('ParamRef' in node) {
      const { number = 0 } = node.ParamRef;
      const value = this.parameters.get(number) ?? new Value(true);
      this.parameters.set(number, value);
      return value;
    }
    if (!('ColumnRef' in node)) return new Value();
    const [first, second] = (node.ColumnRef.fields ?? []).map(textOf);
    for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
      const found = second === undefined ? columnIn([...at.relations.values()], first ?? '') : at.relations.get(first ?? '')?.get(second);
      if (found !== undefined) return found;
    }
    return new Value();
  }

  private callsIn(part: unknown, within: Call['within']): void {
    if (typeof part !== 'object' || part === null) return;
    if ('FuncCall' in part) {
      const { funcname = [] } = (part as Extract<Node, { FuncCall: unknown }>).FuncCall;
      this.calls.push({ name: textOf(funcname.at(-1)), within });
    }
    if ('SQLValueFunction' in part) this.calls.push({ name: 'now', within });
    const isChoice = within === 'update' && ('CaseExpr' in part || 'CoalesceExpr' in part);
    for (const one of Object.values(part)) this.callsIn(one, isChoice ? 'choice' : within);
  }

  /** Queries within expressions. */
  private inside(part: unknown, scope: Scope): void {
    if (typeof part !== 'object' || part === null) return;
    if ('SubLink' in part) {
      const { subselect, testexpr } = (part as Extract<Node, { SubLink: unknown }>).SubLink;
      if (subselect !== undefined) this.query(subselect, scope);
      this.inside(testexpr, scope);
    } else for (const one of Object.values(part)) this.inside(one, scope);
  }
}

function queryNamed(name: string, scope: Scope | undefined): Columns | undefined {
  return scope === undefined ? undefined : (scope.queries.get(name) ?? queryNamed(name, scope.outer));
}

function columnIn(relations: readonly Columns[], name: string): Value | undefined {
  return relations.find((columns) => columns.has(name))?.get(name);
}

/** Of a row its parts. */
function partsOf(node: Node | undefined): readonly (Node | undefined)[] {
  return node !== undefined && 'RowExpr' in node ? (node.RowExpr.args ?? []) : [node];
}

function textOf(node: Node | undefined): string {
  return node !== undefined && 'String' in node ? (node.String.sval ?? '') : '';
}
