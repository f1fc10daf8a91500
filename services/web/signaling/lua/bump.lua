changed = changed or next(room.entries) ~= nil
return answer()
