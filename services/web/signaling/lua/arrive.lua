local entry = call.entry
for _, other in ipairs(present) do
  if room.entries[other.peer_id] and other.seat_id == entry.seat_id then
    take(other, 'replaced')
  end
end
if entry.order == nil or entry.order == cjson.null then
  local seatless = 0
  for _, other in pairs(room.entries) do
    if other.order == nil then
      seatless = seatless + 1
    end
  end
  if seatless >= call.lobby then
    return refuse('full')
  end
  entry.order = nil
end
entry.since_ms = now
put(entry)
return answer()
