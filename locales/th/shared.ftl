shared-some = { $units } ทำร่วมกัน { $count } ข้อค่ะ คือ { $codes }
shared-none = { $units } ไม่มีข้อที่ทำร่วมกันค่ะ
shared-none-but-all = { $units } ไม่มีข้อที่ระบุชื่อร่วมกันค่ะ มีแต่ข้อที่ทุกหน่วยงานต้องทำ { $count } ข้อ
shared-title = { $units } ร่วมกัน
