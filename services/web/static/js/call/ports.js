/**
 * What the controller needs from the signalling client, the mesh and the media: the
 * shapes that the real ones and the tests' fakes both have.
 *
 * @typedef {import('./types.js').Presence} Presence
 * @typedef {import('./types.js').Source} Source
 * @typedef {import('./types.js').RosterPeer} RosterPeer
 * @typedef {{ type: string } & Record<string, any>} Frame
 * @typedef {{ signal?: AbortSignal }} ListenOptions
 * @typedef {Record<Source, MediaStreamTrack | null>} LocalTracks
 *
 * @typedef {object} ClientPort
 * @property {string} status
 * @property {string | null} seatToken
 * @property {() => void} start
 * @property {(options?: { leave?: boolean }) => void} stop
 * @property {() => void} reconnectNow
 * @property {(message: Frame) => boolean} send
 * @property {(message: Frame) => Promise<any>} request
 * @property {(type: string, listener: (payload: any) => void, options?: ListenOptions) => unknown} on
 *
 * @typedef {object} MeshPort
 * @property {(options: { selfId: string, order: number | null, iceServers?: RTCIceServer[] }) => void} configure
 * @property {() => void} warm Joining is near: have everything ready that can be.
 * @property {(servers: RTCIceServer[]) => void} setIceServers
 * @property {(tracks: LocalTracks) => void} setTracks
 * @property {(presence: Presence) => void} setPresence
 * @property {(peers: RosterPeer[]) => Promise<Frame[]>} offersFor
 * @property {(state: any) => void} applyRoomState
 * @property {(message: any) => void} peerGone
 * @property {(message: any) => void} receive
 * @property {(text: string) => string} sendChat
 * @property {(peerIds: Iterable<string> | null) => void} setVisible
 * @property {() => void} networkChanged
 * @property {() => Iterable<readonly [string, number]>} [audioLevels] By peer id, from 0 to 1.
 * @property {(type: any, listener: (payload: any) => void, options?: ListenOptions) => unknown} on
 * @property {() => void} close
 *
 * @typedef {object} MediaPort
 * @property {LocalTracks} tracks
 * @property {(wanted: { audio: boolean, video: boolean }) => Promise<unknown>} start
 * @property {(on: boolean) => Promise<unknown> | void} setAudio
 * @property {(on: boolean) => Promise<unknown> | void} setVideo
 * @property {() => Promise<unknown>} startScreen
 * @property {() => void} stopScreen
 * @property {{ audio: boolean, video: boolean }} paused
 * @property {{ microphone: string | null, camera: string | null }} running
 * @property {boolean} canBlur
 * @property {(chosen: { microphone?: string | null, camera?: string | null }) => Promise<unknown>} setDevices
 * @property {(processing: import('../rtc/media-constraints.js').Processing) => Promise<unknown>} setProcessing
 * @property {(on: boolean) => Promise<unknown>} setBlur
 * @property {(device: 'microphone' | 'camera') => Promise<unknown>} reopen
 * @property {() => void} revive
 * @property {(type: any, listener: (payload: any) => void, options?: ListenOptions) => unknown} on
 * @property {() => void} close
 *
 * @typedef {object} DeviceListPort
 * @property {import('../rtc/devices.js').Hardware} hardware
 * @property {() => Promise<unknown>} refresh
 * @property {(type: 'change', listener: (payload: any) => void, options?: ListenOptions) => unknown} on
 * @property {() => void} close
 */

export {};
