local entry = room.entries[call.peer_id]
if not entry then
  return refuse('unknown')
end
local known = call.presented == entry.resume_hash
  or (entry.previous_hash ~= '' and call.presented == entry.previous_hash)
if entry.identity ~= call.identity or not known then
  return refuse('resume')
end
local before = cjson.decode(cjson.encode(entry))
entry.resume_hash = call.fresh
entry.previous_hash = call.presented
entry.channel = call.channel
entry.socket = call.socket
entry.state = 'here'
entry.since_ms = now
put(entry)
return answer(before)
