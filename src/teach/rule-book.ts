/**
 * The rules that hold for a project: what is built in, and what its users taught. Verdicts are asked for here, so that
 * the worker, the classifier of `/v1/classify` and the one that judges history again cannot differ.
 */
import type { CauseId } from '../core/causes.js';
import { auditSignature, type Audit } from '../core/findings.js';
import { judge, type Verdict } from '../core/judge.js';
import { RULE_SET_VERSION } from '../core/rules/index.js';
import type { Signature } from '../core/signature.js';
import type { RuleState, TeachingStore } from '../store/teaching-store.js';
import { CompiledRules, taughtVerdict } from './rule.js';

export interface Judgement {
  verdict: Verdict;
  audit: Audit;
}

/** A change of the rules is seen by other processes after at most this time; history follows in the background anyway. */
const CHECK_EVERY_MS = 1_000;

export class RulePage {
  constructor(
    readonly state: RuleState,
    private readonly rules: CompiledRules,
  ) {}

  /** @param taughtCause what a user set for this very signature: it wins over everything */
  judge(signature: Signature, taughtCause?: CauseId | null): Judgement {
    const verdict = taughtCause == null ? (this.rules.verdictOf(signature) ?? judge(signature)) : taughtVerdict(taughtCause);
    return { verdict, audit: auditSignature(signature, verdict) };
  }
}

export class RuleBook {
  private readonly pages = new Map<number, { page: RulePage; checkedMs: number }>();

  /** @param onUnusable told of rules that cannot be used, whenever rules are read */
  constructor(
    private readonly store: TeachingStore,
    private readonly onUnusable: (id: string, problem: string) => void = () => undefined,
  ) {}

  /** The page that holds now, within a second. */
  async page(projectId: number): Promise<RulePage> {
    const known = this.pages.get(projectId);
    const nowMs = Date.now();
    if (known !== undefined && nowMs - known.checkedMs < CHECK_EVERY_MS) return known.page;
    if (known !== undefined && (await this.store.revision(projectId)) === known.page.state.revision) {
      known.checkedMs = nowMs;
      return known.page;
    }
    return this.read(projectId);
  }

  /** The page as it is written at this moment. */
  async read(projectId: number): Promise<RulePage> {
    const { revision, rules } = await this.store.rules(projectId);
    const compiled = new CompiledRules(rules);
    for (const { id, problem } of compiled.unusable) this.onUnusable(id, problem);
    const page = new RulePage({ ruleSetVersion: RULE_SET_VERSION, revision }, compiled);
    this.pages.set(projectId, { page, checkedMs: Date.now() });
    return page;
  }
}
