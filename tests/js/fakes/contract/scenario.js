/**
 * One script, played on the fake RTCPeerConnection in Node and on a browser's own: what the
 * rest of the tests believe about peer connections, as lines that must be the same.
 */

import { parse } from '../description.js';

/**
 * @typedef {object} World
 * @property {() => any} create a new peer connection
 * @property {() => any} createStream
 * @property {() => Promise<void>} settle everything that was started has happened
 */

/** @param {World} world @returns {Promise<string[]>} */
export async function play(world) {
  /** @type {string[]} */
  const lines = [];
  for (const scene of [
    slotsAreNegotiatedOnce,
    answererAddsNothing,
    rollbackLeavesOldTransceivers,
    explicitRollbackAsksAgain,
    misplacedDescriptionsAreRefused,
    restartChangesCredentials,
    restartCanBeTakenBack,
    candidatesNeedTheirDescription,
    channelsOpenAndClose,
    closedConnectionsRefuse,
  ]) {
    lines.push(`# ${scene.name}`);
    const pcs = /** @type {any[]} */ ([]);
    const open = () => {
      const pc = watch(world.create(), `pc${pcs.length + 1}`, lines);
      pcs.push(pc);
      return pc;
    };
    await scene(open, (line) => lines.push(line), world);
    for (const pc of pcs) pc.close();
    await world.settle();
  }
  return lines;
}

/** @typedef {(open: () => any, say: (line: string) => void, world: World) => Promise<void>} Scene */

/** @param {any} pc @param {string} name @param {string[]} lines */
function watch(pc, name, lines) {
  pc.needed = 0;
  pc.onnegotiationneeded = () => {
    pc.needed += 1;
  };
  pc.onsignalingstatechange = () => lines.push(`${name} ${pc.signalingState}`);
  pc.ontrack = (/** @type {any} */ { transceiver, track }) =>
    lines.push(`${name} track ${transceiver.mid} ${track.kind}`);
  return pc;
}

/** @param {any} pc @param {World} world */
function addSlots(pc, world) {
  const stream = world.createStream();
  for (const kind of ['audio', 'video', 'video', 'audio']) {
    pc.addTransceiver(kind, { direction: 'sendrecv', streams: [stream] });
  }
}

/** @param {any} pc */
function addChannels(pc) {
  const traverse = pc.createDataChannel('traverse', { negotiated: true, id: 0 });
  const pulse = pc.createDataChannel('pulse', {
    negotiated: true,
    id: 1,
    ordered: false,
    maxRetransmits: 0,
  });
  return { traverse, pulse };
}

/** @param {any} pc */
const shape = (pc) =>
  pc
    .getTransceivers()
    .map((/** @type {any} */ t) => `${t.mid}:${t.direction}:${t.currentDirection}`)
    .join(' ');

/** @param {any} pc */
const sections = (pc) =>
  parse(pc.localDescription.sdp)
    .sections.map(({ kind, mid }) => `${mid}=${kind}`)
    .join(' ');

/** @param {Promise<unknown>} work */
const outcome = (work) =>
  work.then(
    () => 'done',
    (error) => error.name,
  );

/** @param {any} a @param {any} b */
async function exchange(a, b) {
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  for (const transceiver of b.getTransceivers()) transceiver.direction = 'sendrecv';
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
}

/** @type {Scene} */
async function slotsAreNegotiatedOnce(open, say, world) {
  const [a, b] = [open(), open()];
  addSlots(a, world);
  addChannels(a);
  await world.settle();
  say(`needed ${a.needed}`);
  await a.setLocalDescription();
  say(`offer ${sections(a)} | ${shape(a)}`);
  await b.setRemoteDescription(a.localDescription);
  say(`offered ${shape(b)}`);
  for (const transceiver of b.getTransceivers()) transceiver.direction = 'sendrecv';
  addChannels(b);
  await b.setLocalDescription();
  say(`answer ${sections(b)} | ${shape(b)}`);
  await a.setRemoteDescription(b.localDescription);
  say(`answered ${shape(a)}`);
  await world.settle();
  say(`needed ${a.needed} ${b.needed}`);
}

/** @type {Scene} */
async function answererAddsNothing(open, say, world) {
  const [a, b] = [open(), open()];
  addSlots(a, world);
  await exchange(a, b);
  await world.settle();
  const sender = b.getTransceivers()[1].sender;
  await sender.replaceTrack(null);
  await world.settle();
  say(`needed ${b.needed} ${shape(b)}`);
  await exchange(b, a);
  say(`again ${sections(b)} | ${shape(a)}`);
}

/** @type {Scene} */
async function rollbackLeavesOldTransceivers(open, say, world) {
  const [a, b] = [open(), open()];
  addSlots(a, world);
  addSlots(b, world);
  await a.setLocalDescription();
  await b.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  say(`after glare ${b.getTransceivers().length} ${shape(b)}`);
}

/** @type {Scene} */
async function explicitRollbackAsksAgain(open, say, world) {
  const a = open();
  addSlots(a, world);
  await world.settle();
  await a.setLocalDescription();
  await a.setLocalDescription({ type: 'rollback' });
  say(`rolled back ${shape(a)} ${a.localDescription}`);
  await world.settle();
  say(`needed ${a.needed}`);
}

/** @type {Scene} */
async function misplacedDescriptionsAreRefused(open, say, world) {
  const [a, b, c] = [open(), open(), open()];
  addSlots(a, world);
  await exchange(a, b);
  say(`answer when stable ${await outcome(a.setRemoteDescription(b.localDescription))}`);
  say(`rollback when stable ${await outcome(c.setLocalDescription({ type: 'rollback' }))}`);
}

/** @type {Scene} */
async function restartChangesCredentials(open, say, world) {
  const [a, b] = [open(), open()];
  addSlots(a, world);
  await exchange(a, b);
  await world.settle();
  const before = [a, b].map((pc) => parse(pc.localDescription.sdp));
  const needed = a.needed;
  a.restartIce();
  await world.settle();
  say(`restart asks ${a.needed - needed}`);
  await exchange(a, b);
  await world.settle();
  const after = [a, b].map((pc) => parse(pc.localDescription.sdp));
  say(`new ufrags ${after.map(({ ufrag }, i) => ufrag !== before[i]?.ufrag)}`);
  say(`same origins ${after.map(({ origin }, i) => origin === before[i]?.origin)}`);
  say(`needed ${a.needed - needed}`);
}

/** @type {Scene} */
async function restartCanBeTakenBack(open, say, world) {
  const [a, b] = [open(), open()];
  addSlots(a, world);
  await exchange(a, b);
  await world.settle();
  const { ufrag } = parse(a.localDescription.sdp);
  a.restartIce();
  await a.setLocalDescription();
  say(`new ${parse(a.localDescription.sdp).ufrag !== ufrag}`);
  await a.setLocalDescription({ type: 'rollback' });
  say(`old again ${parse(a.localDescription.sdp).ufrag === ufrag} ${shape(a)}`);
  const needed = a.needed;
  await world.settle();
  say(`asks again ${a.needed > needed}`);
  await exchange(b, a);
  say(`still negotiable ${a.signalingState}`);
}

/** @type {Scene} */
async function candidatesNeedTheirDescription(open, say, world) {
  const [a, b, c] = [open(), open(), open()];
  addSlots(a, world);
  /** @type {any[]} */
  const found = [];
  a.onicecandidate = (/** @type {any} */ { candidate }) => candidate && found.push(candidate);
  await exchange(a, b);
  await world.settle();
  const { candidate, sdpMid, sdpMLineIndex, usernameFragment } = found[0];
  const init = { candidate, sdpMid, sdpMLineIndex, usernameFragment };
  const { ufrag } = parse(a.localDescription.sdp);
  say(`generation named ${usernameFragment === ufrag} in section ${sdpMid}`);
  say(`written down ${parse(a.localDescription.sdp).candidates.length > 0}`);
  say(`known ${await outcome(b.addIceCandidate(init))}`);
  say(`twice ${await outcome(b.addIceCandidate(init))}`);
  say(`too early ${await outcome(c.addIceCandidate(init))}`);
  const foreign = { ...init, usernameFragment: 'nobody' };
  say(`foreign ${await outcome(b.addIceCandidate(foreign))}`);
  say(`no such section ${await outcome(b.addIceCandidate({ ...init, sdpMid: '77' }))}`);
}

/** @type {Scene} */
async function channelsOpenAndClose(open, say, world) {
  const [a, b] = [open(), open()];
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    from.onicecandidate = (/** @type {any} */ { candidate }) => {
      if (candidate) to.early = [...(to.early ?? []), candidate];
    };
  }
  addSlots(a, world);
  const ours = addChannels(a);
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  const theirs = addChannels(b);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  await world.settle();
  for (const pc of [a, b])
    for (const candidate of pc.early ?? []) await pc.addIceCandidate(candidate);
  await world.settle();
  say(`states ${a.connectionState} ${b.connectionState} ${ours.traverse.readyState}`);
  say(`ice ${['connected', 'completed'].includes(a.iceConnectionState)}`);
  /** @type {string[]} */
  const heard = [];
  theirs.traverse.onmessage = (/** @type {any} */ { data }) => heard.push(`traverse ${data}`);
  theirs.pulse.onmessage = (/** @type {any} */ { data }) => heard.push(`pulse ${data}`);
  ours.traverse.send('one');
  await world.settle();
  ours.pulse.send('two');
  await world.settle();
  say(heard.join(', '));
  let closed = 0;
  theirs.traverse.onclose = () => {
    closed += 1;
  };
  a.close();
  await world.settle();
  say(`closed ${closed} ${theirs.traverse.readyState} ${ours.traverse.readyState}`);
}

/** @type {Scene} */
async function closedConnectionsRefuse(open, say, world) {
  const a = open();
  addSlots(a, world);
  a.close();
  await world.settle();
  say(`${a.signalingState} ${a.connectionState} needed ${a.needed}`);
  say(`describe ${await outcome(a.setLocalDescription())}`);
  let refused = 'no';
  try {
    a.addTransceiver('audio');
  } catch (error) {
    refused = /** @type {Error} */ (error).name;
  }
  say(`add ${refused}`);
}
