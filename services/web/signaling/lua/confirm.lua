local entry = room.entries[call.peer_id]
if entry and entry.socket == call.socket then
  entry.previous_hash = ''
  put(entry, false)
end
return answer()
