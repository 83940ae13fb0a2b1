import type { Counts } from './balance.js';
import type { Installation } from './parts.js';
import type { Report } from './report.js';
import type { Workload } from './workload.js';
export interface Scene { installation: Installation; workload: Workload; counts: Counts; report: Report }
export async function specialCases(_scene: Scene): Promise<void> { await Promise.resolve(); }
