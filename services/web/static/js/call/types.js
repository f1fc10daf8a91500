/**
 * The types of the call page: what its state holds, and what may change it.
 *
 * Names are camelCase here and snake_case on the wire; the reducer is the only
 * place where one becomes the other.
 *
 * @typedef {import('../signaling/messages.d.ts').ServerMessage} ServerMessage
 * @typedef {import('../signaling/messages.d.ts').RosterPeer} RosterPeer
 *
 * @typedef {'owner' | 'member' | 'guest'} Role
 * @typedef {'open' | 'ask' | 'locked'} Admission
 * @typedef {'online' | 'reconnecting' | 'offline'} Status
 * @typedef {'audio' | 'camera' | 'screen' | 'screenAudio'} Source
 * @typedef {'new' | 'connecting' | 'connected' | 'reconnecting' | 'failed' | 'closed'} LinkState
 * @typedef {'host' | 'srflx' | 'relay/udp' | 'relay/tcp' | 'relay/tls'} Path
 * @typedef {'none' | 'people' | 'chat' | 'stats'} Panel
 * @typedef {'good' | 'fair' | 'poor' | 'lost'} Quality
 *
 * @typedef {{ audio: boolean, video: boolean, screen: boolean, hand: boolean }} Presence
 *
 * @typedef {object} Link What is not measured yet, or cannot be in this browser, is left out.
 * @property {LinkState} state
 * @property {Path | null} path
 * @property {number | null} rttMs Round trip in milliseconds.
 * @property {number | null} loss Of what comes in, from 0 to 1.
 * @property {number | null} [jitterMs]
 * @property {number | null} [inBitrate] Bits per second, all media.
 * @property {number | null} [outBitrate]
 * @property {number | null} [frameWidth] Of the largest picture that comes in.
 * @property {number | null} [frameHeight]
 * @property {number | null} [fps]
 * @property {string | null} [codec] Of the picture: `VP8`.
 * @property {string | null} [limitation] Why the own picture is smaller than it could be.
 * @property {Quality | null} [quality]
 * @property {'less-video' | 'audio-only' | null} [action] What is done about a weak link.
 *
 * @typedef {Record<Source, string | null>} TrackIds The ids of the remote tracks that are there.
 *
 * @typedef {object} Peer
 * @property {string} id
 * @property {string} seatId Stays when the person reloads; `id` does not.
 * @property {number} order
 * @property {string} name
 * @property {Role} role
 * @property {'here' | 'away'} state
 * @property {boolean} listed False: no longer in the roster, but its link has its grace.
 * @property {Presence} presence
 * @property {number} revision Of the presence; the highest wins, whichever way it came.
 * @property {Link} link
 * @property {TrackIds} tracks
 * @property {boolean} absent Away with a dead link for longer than a person wants to look at.
 *
 * @typedef {object} View How this page shows the call; nobody else knows.
 * @property {string | null} pinned Key of a tile; it may be gone and come back.
 * @property {boolean} selfHidden
 * @property {'auto' | 'speaker'} layout
 * @property {readonly string[]} speaking Peer ids.
 * @property {string | null} speaker Who spoke last, and still holds the floor.
 *
 * @typedef {object} Self
 * @property {string | null} peerId
 * @property {string} name
 * @property {Role} role
 * @property {number | null} order
 * @property {Presence} presence What the others are told.
 * @property {{ audio: boolean, video: boolean, screen: boolean }} devices Which of them deliver.
 * @property {boolean} mutedSpeech Speaks while muted, and may not know it.
 *
 * @typedef {object} Equipment What there is to choose from, and what runs.
 * @property {import('../rtc/devices.js').Hardware} hardware
 * @property {string | null} microphone The id of the one that runs.
 * @property {string | null} camera
 * @property {boolean} canBlur Whether the browser can blur what is behind the person.
 *
 * @typedef {object} ChatEntry
 * @property {string} key One per entry of the page.
 * @property {string} from A peer id.
 * @property {string} name As it was when the message came.
 * @property {string} text
 * @property {number} at Unix milliseconds.
 * @property {boolean} mine
 * @property {boolean} [sending] Of an own one: it takes long to leave this page.
 * @property {boolean} [lost] Of an own one: the way that it waited for is gone.
 *
 * @typedef {object} Notice
 * @property {number} id
 * @property {string} code A key of `words.js`.
 * @property {string | null} name The person that it is about.
 *
 * @typedef {{ id: number, code: string, name: string | null, text: string | null }} Announcement
 *   Said once by the live region; never drawn.
 *
 * @typedef {{ name: 'setup' }
 *   | { name: 'connecting' }
 *   | { name: 'waiting' }
 *   | { name: 'joined', since: number }
 *   | { name: 'ended', code: string }} Phase
 *
 * @typedef {object} CallState
 * @property {Phase} phase
 * @property {'connecting' | 'online' | 'reconnecting'} socket
 * @property {boolean} network What `navigator.onLine` says.
 * @property {Status} status Of the signalling, from the two above; links live without it.
 * @property {boolean} welcomed True after a `welcome` on the socket that is open now.
 * @property {{ name: string, locked: boolean, admission: Admission, epoch: string | null,
 *   rev: number, capacity: number }} room
 * @property {Self} self
 * @property {Equipment} equipment
 * @property {readonly Peer[]} peers By order; never this page's own peer.
 * @property {readonly string[]} returning Seats whose page was replaced and has not come back.
 * @property {readonly { peerId: string, name: string }[]} waiting Who asks to come in (owners).
 * @property {{ entries: readonly ChatEntry[], unread: number }} chat
 * @property {Panel} panel
 * @property {View} view
 * @property {readonly string[]} hands Who has a hand up, first raised first; `self` for this page.
 * @property {readonly Notice[]} notices
 * @property {readonly Announcement[]} announcements
 * @property {boolean} soundBlocked The browser refused to play sound without a click.
 * @property {number} nextId
 *
 * @typedef {{ type: 'join.asked', name: string }
 *   | { type: 'join.withdrawn' }
 *   | { type: 'call.left' }
 *   | { type: 'server', message: ServerMessage, at: number }
 *   | { type: 'signaling.status', status: CallState['socket'] }
 *   | { type: 'signaling.stopped', code: string }
 *   | { type: 'network', online: boolean }
 *   | { type: 'self.presence', patch: Partial<Presence> }
 *   | { type: 'media.devices', audio: boolean, video: boolean, screen: boolean }
 *   | { type: 'equipment', equipment: Equipment }
 *   | { type: 'self.mutedSpeech', on: boolean }
 *   | { type: 'link', peerId: string, link: Link }
 *   | { type: 'track', peerId: string, source: Source, trackId: string | null }
 *   | { type: 'peer.presence', peerId: string, revision: number, presence: Presence }
 *   | { type: 'chat.received', peerId: string, messageId: string, text: string, at: number }
 *   | { type: 'chat.sent', messageId: string, text: string, at: number }
 *   | { type: 'chat.sending', messageIds: readonly string[] }
 *   | { type: 'chat.lost', messageIds: readonly string[] }
 *   | { type: 'panel', panel: Panel }
 *   | { type: 'peer.absent', peerId: string }
 *   | { type: 'speaking', speaking: readonly string[], speaker: string | null }
 *   | { type: 'view.pin', key: string | null }
 *   | { type: 'view.self', hidden: boolean }
 *   | { type: 'view.layout', layout: View['layout'] }
 *   | { type: 'notice', code: string, name?: string }
 *   | { type: 'notice.dismissed', id: number }
 *   | { type: 'notice.settled', codes: readonly string[] }
 *   | { type: 'knock.answered', peerId: string }
 *   | { type: 'sound', blocked: boolean }} Action
 */

export {};
