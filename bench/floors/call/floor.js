/**
 * The shortest call set-up a bare page can make: the floor that the product is
 * held against. Camera, socket, credential and RTCPeerConnection are ready before
 * the click; the joiner's offer is the first thing sent; candidates trickle one by
 * one. No roster, no errors, no second try.
 *
 * `location.hash` holds {role: 'resident'|'joiner', rtc: RTCConfiguration, media, linked}.
 * With `linked` the connection is made before the click, with nothing in it, and the click
 * only puts the tracks in: what a call could cost whose links are connected in the lobby.
 */

const { role, rtc, media, linked } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const button = /** @type {HTMLButtonElement} */ (document.getElementById('join'));
const self = /** @type {HTMLVideoElement} */ (document.getElementById('self'));
const remote = /** @type {HTMLVideoElement} */ (document.getElementById('remote'));

const stream = await navigator.mediaDevices.getUserMedia(media);
self.srcObject = stream;

const socket = new WebSocket(`ws://${location.host}/ws${location.search}`);
await new Promise((resolve) => socket.addEventListener('open', resolve, { once: true }));
const send = (/** @type {object} */ message) => socket.send(JSON.stringify(message));

const peer = new RTCPeerConnection({
  bundlePolicy: 'max-bundle',
  iceCandidatePoolSize: 1,
  ...rtc,
});
const tracks = stream.getTracks();
if (!linked) for (const track of tracks) peer.addTrack(track, stream);
else if (role === 'joiner') for (const { kind } of tracks) peer.addTransceiver(kind);
const fill = () => {
  for (const { sender, receiver } of peer.getTransceivers()) {
    const track = tracks.find(({ kind }) => kind === receiver.track.kind);
    if (track) void sender.replaceTrack(track);
  }
};
peer.addEventListener('track', ({ track, streams: [first] }) => {
  if (first || track.kind === 'video') remote.srcObject = first ?? new MediaStream([track]);
});
peer.addEventListener('icecandidate', ({ candidate }) => {
  if (candidate) send({ type: 'candidate', candidate });
});

socket.addEventListener('message', async ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'join') {
    fill();
  } else if (message.type === 'candidate') {
    await peer.addIceCandidate(message.candidate);
  } else {
    await peer.setRemoteDescription(message.description);
    if (message.type === 'offer') {
      for (const transceiver of peer.getTransceivers()) transceiver.direction = 'sendrecv';
      await peer.setLocalDescription();
      send({ type: 'answer', description: peer.localDescription });
    }
  }
});

const offer = async () => {
  await peer.setLocalDescription();
  send({ type: 'offer', description: peer.localDescription });
};
const join = () => {
  send({ type: 'join' });
  fill();
};
if (linked && role === 'joiner') {
  await offer();
  while (peer.connectionState !== 'connected') {
    await new Promise((resolve) =>
      peer.addEventListener('connectionstatechange', resolve, { once: true }),
    );
  }
}
button.addEventListener('click', linked ? join : offer);
button.disabled = role !== 'joiner';
document.documentElement.dataset.ready = 'yes';
