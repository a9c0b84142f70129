import type { LiveSession, PlacedSignature, ProtocolVerdict } from '@baton/client';
import type { Manifest, ProtocolSigner, ProtocolVersion } from '@baton/wire';
import { protocolSignatureKey } from '@baton/wire';
import { AgentError } from '../agent-error.ts';
import { openNamed } from './named-values.ts';

/** Whether a protocol may run: the same judgement as the screens' (docs/protocol/programmes.md §2). */
export interface ProtocolCheck {
  /**
   * Reads both signatures of this version from the collection `programmes` and checks them against the key log. Throws AgentError `manifest` where the
   * manifest lists no collections, ClientError `request.not_found` where the agent has not been let in, `limit.busy` without a connection: then
   * nothing is known, and nothing may be asked of a patient.
   */
  check(version: ProtocolVersion): Promise<ProtocolVerdict>;
}

export function checkProtocols(session: LiveSession, manifest: Manifest): ProtocolCheck {
  return {
    async check(version) {
      if (!manifest.access.some(({ kind }) => kind === 'collection'))
        throw new AgentError('manifest', 'collection');
      const values = openNamed('programmes', await session.collections.named('programmes'), () => {
        throw new AgentError('manifest', 'collection.put');
      });
      const signatureAs = async (as: ProtocolSigner): Promise<PlacedSignature | null> => {
        const key = protocolSignatureKey({ protocol: version.id, version: version.version, as });
        const kept = await values.get(key);
        return kept?.value.t === 'signature' ? { value: kept.value, at: kept.at } : null;
      };
      const [author, clinician] = await Promise.all([signatureAs('author'), signatureAs('clinician')]);
      return session.parts.protocolJudge.check(version, { author, clinician });
    },
  };
}
