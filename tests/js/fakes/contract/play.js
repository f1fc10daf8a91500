/** Plays the script on the fake and prints its lines as JSON. */

import { FakeClock } from '../clock.js';
import { FakeStream } from '../media.js';
import { FakeNetwork } from '../network.js';
import { FakePeerConnection } from '../peer_connection.js';
import { play } from './scenario.js';

const clock = new FakeClock();
const network = new FakeNetwork({ timers: clock });

const lines = await play({
  create: () => new FakePeerConnection({}, network),
  createStream: () => new FakeStream(),
  settle: () => clock.advance(500),
});
console.log(JSON.stringify(lines));
