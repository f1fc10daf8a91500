local entry = room.entries[call.peer_id]
if entry and entry.socket == call.socket and entry.state == 'here' then
  if seatless(entry) then
    take(entry, 'left')
  else
    entry.state = 'away'
    entry.since_ms = now
    put(entry)
  end
end
return answer()
