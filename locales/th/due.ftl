due-no-plan = ยังไม่มีแผนที่เปิดใช้ค่ะ ฝ่ายเลขานุการนำเข้าแผนได้โดยส่งไฟล์ Excel ในแชตส่วนตัวนะคะ
due-unit = { $unit }
due-all-units = ทุกหน่วยงาน
due-range = { DAY($start) } - { DAY($end) }
due-range-day = { DAY($start) }
due-range-month = { DAY($day, style: "month") }
due-as-of = ณ { DAY($day) }
due-on = ครบกำหนด { DAY($day) }
due-some = { $range } { $who }มีครบกำหนด { $count } ข้อค่ะ
due-none = { $range } { $who }ไม่มีข้อครบกำหนดค่ะ{ $after }
due-all-done = { $range } { $who }ทำครบทุกข้อแล้วค่ะ
due-due = ครบกำหนดในช่วงนี้
due-overdue = เลยกำหนด
due-open = กำลังอยู่ในช่วงดำเนินการ
due-more = และอีก { $count } รายการ
due-next-choice = ครั้งถัดไป
due-late-none = { $who }ไม่มีข้อเลยกำหนดค่ะ
due-late-some = { $who }มีข้อเลยกำหนด { $count } ข้อค่ะ
due-next-none = { $who }ไม่มีกำหนดส่งที่รออยู่แล้วค่ะ
due-next-some = ครั้งถัดไปของ{ $who }คือ { DAY($day) } (เหลือ { $days } วัน) ค่ะ
due-coming = ครั้งถัดไป
due-none-open = { $range } { $who }ไม่มีข้อครบกำหนดค่ะ กำลังดำเนินการอยู่ { $count } ข้อ{ $after }
due-then = {" "}กำหนดถัดไป { DAY($day) } (เหลือ { $days } วัน)
due-then-none = {""}
due-late-already = เลยกำหนดมาก่อนแล้ว { $count } ข้อ
due-late-choice = ดูข้อเลยกำหนด
due-each = { $parts }
due-after-plan = { $range } { $who }ไม่มีข้อครบกำหนดค่ะ แผนที่เปิดใช้เป็นของปีงบประมาณ { $year }{ $count ->
    [0] {""}
   *[other] {" "}มี { $count } ข้อที่ยังดำเนินการต่อ
 }
