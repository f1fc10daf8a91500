local entry = room.entries[call.peer_id]
if not entry then
  return refuse('unknown')
end
take(entry, call.reason)
return answer()
