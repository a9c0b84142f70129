import { createWebPatientDoor } from '@baton/client-web';
import { startPatientPage } from './start.tsx';

await startPatientPage(createWebPatientDoor);
