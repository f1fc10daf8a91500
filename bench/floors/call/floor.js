/**
 * The shortest call set-up a bare page can make: the floor that the product is
 * held against. Camera, socket, credential and RTCPeerConnection are ready before
 * the click; the joiner's offer is the first thing sent; candidates trickle one by
 * one. No roster, no errors, no second try.
 *
 * `location.hash` holds {role: 'resident'|'joiner', rtc: RTCConfiguration, media}.
 */

const { role, rtc, media } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
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
for (const track of stream.getTracks()) peer.addTrack(track, stream);
peer.addEventListener('track', ({ streams: [first] }) => {
  remote.srcObject = first;
});
peer.addEventListener('icecandidate', ({ candidate }) => {
  if (candidate) send({ type: 'candidate', candidate });
});

socket.addEventListener('message', async ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'candidate') {
    await peer.addIceCandidate(message.candidate);
  } else {
    await peer.setRemoteDescription(message.description);
    if (message.type === 'offer') {
      await peer.setLocalDescription();
      send({ type: 'answer', description: peer.localDescription });
    }
  }
});

button.addEventListener('click', async () => {
  await peer.setLocalDescription();
  send({ type: 'offer', description: peer.localDescription });
});
button.disabled = role !== 'joiner';
document.documentElement.dataset.ready = 'yes';
