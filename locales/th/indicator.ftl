indicator-help = ตัวชี้วัด ITA และข้อคำถามกับข้อ O ของแต่ละตัว
indicator-list-help = ดูตัวชี้วัด ข้อที่อยู่ในแต่ละตัว และจำนวนมาตรการที่โยงถึง
indicator-set-help = กำหนดข้อคำถามและข้อ O ของตัวชี้วัด สำหรับหน่วยงานนี้
indicator-no-help = เลขหรือชื่อตัวชี้วัด
indicator-codes-help = ช่วงของข้อ เช่น "O1-O23" หรือ "i10-i12" (ใส่ - เพื่อกลับไปใช้ค่าที่มีของปีนั้น)
indicator-row = { $no } { $name } [{ $codes }] { $measures } มาตรการ
indicator-codes-bad = อ่านช่วง “{ $codes }” ไม่ได้ ใช้แบบ "O1-O23" หรือ "i10, i11"
indicator-kept = บันทึกแล้ว ตัวชี้วัดที่ { $no } { $name }: { $codes }
