local entry = room.entries[call.peer_id]
if not entry then
  return refuse('unknown')
end
entry.phase = 'waiting'
set_presence(entry, call.presence)
put(entry)
return answer()
