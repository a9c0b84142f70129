import { mayFollow } from '@baton/policy';
import type { CarrierEvent } from '../carriers/carrier.ts';
import type { OptOuts } from '../inbound/opt-outs.ts';
import { keyOf } from '../records/memory.ts';
import type { Surroundings } from '../surroundings.ts';
import type { TextSender } from './text-sender.ts';

export type Report = Extract<CarrierEvent, { t: 'report' }>;

/** Takes a carrier's report into the text's row. Reports come late, twice and in any order; one that comes before the carrier's own answer waits for it. */
export async function takeReport(
  around: Surroundings,
  parts: { readonly sender: TextSender; readonly optOuts: OptOuts },
  report: Report,
): Promise<void> {
  const { memory, context, agenda, line } = around;
  const nowMs = context.clock.nowMs();
  await line.run(`report/${report.id}`, async () => {
    const key = await keyOf(report.id);
    if (parts.sender.referenceOf(report.id) === null)
      await memory.reports.change(key, (newest) => {
        if (newest && !mayFollow(newest.state, report.state)) return undefined;
        return { at: nowMs, state: report.state, code: report.code };
      });
    const reference = parts.sender.referenceOf(report.id);
    if (reference === null) return;
    const { state, code } = memory.reports.get(key) ?? report;
    const row = await memory.texts.change(reference, (newest) => {
      const known = newest?.parts.find(({ carrierId }) => carrierId === report.id);
      if (!newest || !known || !mayFollow(known.state, state)) return undefined;
      return {
        ...newest,
        parts: newest.parts.map((part) => (part === known ? { ...part, state, code } : part)),
      };
    });
    await memory.reports.remove(key);
    if (row === null) return;
    agenda.set(`tell/${reference}`, nowMs);
    if (code === 'carrier.opted-out')
      await parts.optOuts.optOut({ number: row.to, words: '(carrier)', at: nowMs });
  });
}
