local entry = room.entries[call.peer_id]
if not entry then
  return refuse('unknown')
end
if call.revision > entry.revision then
  entry.revision = call.revision
  set_presence(entry, call.presence)
  put(entry)
end
return answer()
