export {
  type Chromium,
  type ChromiumPackage,
  type FindChromiumOptions,
  findChromium,
} from './browser/find-chromium.ts';
export { type CanaryFind, type FindCanariesInput, findCanaries } from './canaries/find-canaries.ts';
export { addAgent } from './add-agent.ts';
export { totp } from './authenticator.ts';
export { createSteppedClock, type SteppedClock } from './chance/stepped-clock.ts';
export { TestTime, zoneAtHour } from './chance/test-time.ts';
export { createSeededRng, type SeededRng } from './chance/seeded-rng.ts';
export {
  type FaultProxy,
  type FaultProxyOptions,
  type ProxyAnswer,
  startFaultProxy,
} from './network/fault-proxy.ts';
export { type EnteredDevice, enterAs } from './enter-as.ts';
export type { Faults, FrameFate, ProxiedFrame, RequestFate } from './network/faults.ts';
export {
  createPhone,
  type EnteredPatient,
  enterPatient,
  establishCare,
  fragmentOf,
  invitePatient,
  type PatientPhone,
  patientRecord,
  TEST_PIN,
} from './patient-phone.ts';
export {
  createPractice,
  type Device,
  type Persona,
  type Practice,
  type PracticeOptions,
} from './practice.ts';
export { createProduct, type Product, type ProductRun, type SignInLink } from './process/product.ts';
export {
  findFreePort,
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
} from './process/server-process.ts';
export { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';
export { until } from './until.ts';
