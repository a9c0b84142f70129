import { PhoneDoor } from './patient-door.ts';
import type { PhonePlatform } from './phone-ports.ts';

/** A patient's client on a phone's platform. Adapters (client-web, client-node) bring the platform. */
export function createPatientDoor(platform: PhonePlatform): PhoneDoor {
  return new PhoneDoor(platform);
}
